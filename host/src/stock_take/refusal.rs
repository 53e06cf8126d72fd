//! Why a single count is not kept.

/// Why a single count is not kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CountRefusal {
    /// A negative number.
    #[error("there cannot be less than none")]
    Negative,
    /// Twice in what was sent.
    #[error("it is counted twice here; add both up")]
    Twice,
    /// The system left it out of its answer.
    #[error("its system does not answer for it")]
    NotAnswered,
    /// The system has the article, but no number of what is on hand.
    #[error("its system does not say how many are on hand")]
    NoNumber,
    /// The system cannot be asked, and nothing is stored.
    #[error("how many its system has on hand is not known; sync the source first")]
    NotKnown,
    /// What the system says.
    #[error("{0}")]
    System(String),
}
