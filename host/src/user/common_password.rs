//! Passwords that are tried first: well-known words with a few digits after them, rows of a keyboard, repetitions.
//!
//! A list of millions would refuse more, but guesses are let through so slowly that only the first few hundred matter.

/// Words that people make a password of, and whole passwords that are long enough to be taken otherwise: one a line, in
/// lower case, without what stands before and after the letters.
const WORDS: &str = include_str!("common_passwords.txt");

/// Rows that fingers run along, and back.
const ROWS: &[&str] = &[
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopüasdfghjklöäyxcvbnm",
    "1q2w3e4r5t6z7u8i9o0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qazwsxedcrfvtgbyhnujm",
    "112233445566778899",
    "111222333444555666777888999000",
];

/// How long what is repeated may be and still be no password, in characters: a year, a keyboard's first keys.
const REPEATED_CHARS_MAX: usize = 4;

/// Whether a password in lower case is among those that are tried first.
pub(super) fn is_common(password: &str) -> bool {
    let chars: Vec<char> = password.chars().collect();
    let repeated = &chars[..period(&chars)];
    let of_repeated: String = repeated.iter().collect();
    repeated.len() <= REPEATED_CHARS_MAX
        || is_word(password)
        || is_word(&of_repeated)
        || is_row(password)
        || is_row(&of_repeated)
}

/// The length of the shortest beginning that, written again and again, is the whole.
fn period(chars: &[char]) -> usize {
    let is_repeated = |length: &usize| {
        let again = chars.iter().skip(*length);
        again.zip(chars).all(|(later, earlier)| later == earlier)
    };
    (1..chars.len()).find(is_repeated).unwrap_or(chars.len())
}

/// `!p@ssw0rd123` is `password` to whoever guesses.
fn is_word(password: &str) -> bool {
    let trimmed = password.trim_matches(|char: char| !char.is_alphabetic());
    let plain: String = trimmed.chars().map(letter_meant).collect();
    WORDS.lines().any(|word| word == trimmed || word == plain)
}

fn letter_meant(char: char) -> char {
    match char {
        '@' | '4' => 'a',
        '3' => 'e',
        '1' | '!' => 'i',
        '0' => 'o',
        '$' | '5' => 's',
        other => other,
    }
}

fn is_row(password: &str) -> bool {
    let backwards: String = password.chars().rev().collect();
    let runs = |row: &str| row.contains(password) || row.contains(&backwards);
    ROWS.iter().any(|row| runs(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tried_first_is_common_and_what_is_made_up_is_not() {
        for common in [
            "password1234",
            "passwort2026",
            "!p@ssw0rd123",
            "administrator",
            "adminadminadmin",
            "123456789012",
            "098765432109",
            "qwertzuiopü1",
            "qwertyuiopas",
            "111111111111",
            "123412341234",
            "202620262026",
            "geheimgeheim",
            "iloveyou2026",
            "1q2w3e4r5t6z",
            "bestand12345",
            "correct horse battery staple",
            "willkommen26",
            "112233445566",
        ] {
            assert!(is_common(common), "{common}");
        }
        for good in [
            "ein rotes boot",
            "my password is a boat",
            "k7#vq-x!m2pd",
            "483920175566",
            "geheimratsecken",
            "hallo du da drüben",
        ] {
            assert!(!is_common(good), "{good}");
        }
    }
}
