//! Shopify's search syntax with its traps: unknown fields are ignored, unquoted text loses its meaning.
//!
//! AND binds tighter than OR, as the live service does (its documentation says otherwise). A quoted value is a
//! phrase, an unquoted one a set of terms; both ignore case, so neither is an exact match.

use std::iter::Peekable;
use std::str::CharIndices;

use jiff::{Timestamp, civil, tz};
use serde_json::{Value, json};

/// A parsed query: what must hold, and which fields nobody knows.
#[derive(Debug)]
pub(crate) struct Search {
    expression: Expression,
    /// As they appear in `extensions.search[].warnings`.
    pub(crate) warnings: Vec<Value>,
}

#[derive(Debug)]
enum Expression {
    All(Vec<Expression>),
    Any(Vec<Expression>),
    Not(Box<Expression>),
    Clause(Clause),
}

/// One `field:value`; the field is empty when only a value was given.
#[derive(Debug)]
pub(crate) struct Clause {
    pub(crate) field: String,
    comparator: Comparator,
    value: String,
    quoted: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparator {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// `updated_at:>` without a value, which the real service answers with an internal error.
#[derive(Debug)]
pub(crate) struct EmptyValue;

#[derive(Debug)]
enum Token {
    Open,
    Close,
    And,
    Or,
    Not,
    Clause(Clause),
}

/// The shop's clock on the wall, used for timestamps that do not say their own offset.
const SHOP_OFFSET_HOURS: i8 = -5;

impl Search {
    pub(crate) fn parse(query: &str, known_fields: &[&str]) -> Result<Self, EmptyValue> {
        let tokens = tokens(query)?;
        let warnings = tokens
            .iter()
            .filter_map(|token| warning(token, known_fields))
            .collect();
        let known = tokens
            .into_iter()
            .filter(|token| warning(token, known_fields).is_none());
        let expression = any(&mut known.collect::<Vec<_>>().into_iter().peekable());
        Ok(Self {
            expression,
            warnings,
        })
    }

    /// Whether the query holds; `clause_holds` decides a single clause.
    pub(crate) fn holds(&self, clause_holds: &dyn Fn(&Clause) -> bool) -> bool {
        self.expression.holds(clause_holds)
    }
}

impl Expression {
    fn holds(&self, clause_holds: &dyn Fn(&Clause) -> bool) -> bool {
        match self {
            Expression::All(parts) => parts.iter().all(|part| part.holds(clause_holds)),
            Expression::Any(parts) => {
                parts.is_empty() || parts.iter().any(|part| part.holds(clause_holds))
            }
            Expression::Not(part) => !part.holds(clause_holds),
            Expression::Clause(clause) => clause_holds(clause),
        }
    }
}

impl Clause {
    pub(crate) fn number_holds(&self, number: u64) -> bool {
        let text = self.value.rsplit('/').next().unwrap_or(&self.value);
        text.parse()
            .is_ok_and(|wanted: u64| self.compares(number.cmp(&wanted)))
    }

    pub(crate) fn time_holds(&self, time: Timestamp) -> bool {
        find_time(&self.value).is_some_and(|wanted| self.compares(time.cmp(&wanted)))
    }

    /// A phrase when quoted, all terms in any place when not; a trailing `*` matches a prefix.
    pub(crate) fn text_holds(&self, text: Option<&str>) -> bool {
        let Some(text) = text else { return false };
        let words = terms(text);
        if let Some(prefix) = self.value.strip_suffix('*').filter(|_| !self.quoted) {
            return text.to_lowercase().starts_with(&prefix.to_lowercase());
        }
        let wanted = terms(&self.value);
        match self.quoted {
            _ if wanted.is_empty() => text.eq_ignore_ascii_case(&self.value),
            true => words.windows(wanted.len()).any(|window| window == wanted),
            false => wanted.iter().all(|term| words.contains(term)),
        }
    }

    fn compares(&self, ordering: std::cmp::Ordering) -> bool {
        match self.comparator {
            Comparator::Equal => ordering.is_eq(),
            Comparator::Less => ordering.is_lt(),
            Comparator::LessOrEqual => ordering.is_le(),
            Comparator::Greater => ordering.is_gt(),
            Comparator::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

fn warning(token: &Token, known_fields: &[&str]) -> Option<Value> {
    let Token::Clause(clause) = token else {
        return None;
    };
    let known = clause.field.is_empty() || known_fields.contains(&clause.field.as_str());
    (!known).then(|| {
        json!({ "field": clause.field, "message": "Invalid search field for this query.", "code": "invalid_field" })
    })
}

fn terms(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn find_time(text: &str) -> Option<Timestamp> {
    if let Ok(time) = text.parse() {
        return Some(time);
    }
    let offset = tz::Offset::constant(SHOP_OFFSET_HOURS);
    let local = text
        .parse::<civil::DateTime>()
        .or_else(|_| text.parse::<civil::Date>().map(civil::DateTime::from));
    offset.to_timestamp(local.ok()?).ok()
}

// === grammar ===

type Tokens = Peekable<std::vec::IntoIter<Token>>;

fn any(tokens: &mut Tokens) -> Expression {
    let mut parts = vec![all(tokens)];
    while tokens.next_if(|token| matches!(token, Token::Or)).is_some() {
        parts.push(all(tokens));
    }
    Expression::Any(parts)
}

fn all(tokens: &mut Tokens) -> Expression {
    let mut parts = Vec::new();
    while tokens
        .peek()
        .is_some_and(|token| !matches!(token, Token::Or | Token::Close))
    {
        if tokens
            .next_if(|token| matches!(token, Token::And))
            .is_none()
        {
            parts.extend(one(tokens));
        }
    }
    Expression::All(parts)
}

fn one(tokens: &mut Tokens) -> Option<Expression> {
    match tokens.next()? {
        Token::Not => one(tokens).map(|part| Expression::Not(Box::new(part))),
        Token::Open => {
            let inner = any(tokens);
            tokens.next_if(|token| matches!(token, Token::Close));
            Some(inner)
        }
        Token::Clause(clause) => Some(Expression::Clause(clause)),
        Token::And | Token::Or | Token::Close => None,
    }
}

// === words ===

fn tokens(query: &str) -> Result<Vec<Token>, EmptyValue> {
    let mut tokens = Vec::new();
    let mut letters = query.char_indices().peekable();
    while let Some(&(_, letter)) = letters.peek() {
        match letter {
            _ if letter.is_whitespace() => drop(letters.next()),
            '(' => tokens.extend(letters.next().map(|_| Token::Open)),
            ')' => tokens.extend(letters.next().map(|_| Token::Close)),
            '-' => tokens.extend(letters.next().map(|_| Token::Not)),
            _ => tokens.extend(clause(&mut letters)?),
        }
    }
    Ok(tokens)
}

fn clause(letters: &mut Peekable<CharIndices<'_>>) -> Result<Vec<Token>, EmptyValue> {
    let (word, quoted) = word(letters);
    if quoted || letters.next_if(|(_, letter)| *letter == ':').is_none() {
        return Ok(vec![match word.as_str() {
            "AND" if !quoted => Token::And,
            "OR" if !quoted => Token::Or,
            "NOT" if !quoted => Token::Not,
            _ => Token::Clause(Clause {
                field: String::new(),
                comparator: Comparator::Equal,
                value: word,
                quoted,
            }),
        }]);
    }
    let field = word;
    let comparator = comparator(letters);
    let (value, quoted) = self::word(letters);
    if value.is_empty() && !quoted {
        return Err(EmptyValue);
    }
    let mut rest = String::new();
    while let Some((_, letter)) =
        letters.next_if(|(_, letter)| !letter.is_whitespace() && *letter != ')')
    {
        rest.push(letter);
    }
    let Some(rest) = rest.strip_prefix(':') else {
        return Ok(vec![Token::Clause(Clause {
            field,
            comparator,
            value,
            quoted,
        })]);
    };
    Ok(broken_at_colon(field, comparator, &value, rest))
}

/// An unquoted value ends at its first colon: of `2000-01-01T00:00:00Z` the shop keeps the day, and takes the last
/// part before the colon for a field.
fn broken_at_colon(field: String, comparator: Comparator, value: &str, rest: &str) -> Vec<Token> {
    let (kept, junk) = value.split_once('T').unwrap_or((value, value));
    let kept = Clause {
        field,
        comparator,
        value: kept.to_owned(),
        quoted: false,
    };
    let junk = Clause {
        field: junk.to_owned(),
        comparator: Comparator::Equal,
        value: rest.to_owned(),
        quoted: false,
    };
    vec![Token::Clause(kept), Token::Clause(junk)]
}

fn comparator(letters: &mut Peekable<CharIndices<'_>>) -> Comparator {
    let sign = letters
        .next_if(|(_, letter)| *letter == '<' || *letter == '>')
        .map(|(_, letter)| letter);
    let or_equal = sign.is_some() && letters.next_if(|(_, letter)| *letter == '=').is_some();
    match (sign, or_equal) {
        (Some('<'), false) => Comparator::Less,
        (Some('<'), true) => Comparator::LessOrEqual,
        (Some(_), false) => Comparator::Greater,
        (Some(_), true) => Comparator::GreaterOrEqual,
        (None, _) => Comparator::Equal,
    }
}

/// A quoted value, or letters up to a space, a colon or a bracket; and whether it was quoted.
fn word(letters: &mut Peekable<CharIndices<'_>>) -> (String, bool) {
    let quote = letters
        .next_if(|(_, letter)| *letter == '\'' || *letter == '"')
        .map(|(_, letter)| letter);
    let mut word = String::new();
    while let Some(&(_, letter)) = letters.peek() {
        let ends = match quote {
            Some(quote) => letter == quote,
            None => letter.is_whitespace() || matches!(letter, ':' | '(' | ')'),
        };
        if ends {
            break;
        }
        letters.next();
        match letter {
            '\\' => word.extend(letters.next().map(|(_, escaped)| escaped)),
            _ => word.push(letter),
        }
    }
    if quote.is_some() {
        letters.next();
    }
    (word, quote.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(query: &str, sku: &str) -> bool {
        let search = Search::parse(query, &["sku"]).unwrap();
        search.holds(&|clause| clause.text_holds(Some(sku)))
    }

    #[test]
    fn a_quoted_sku_is_a_phrase_and_not_an_exact_match() {
        assert!(finds("sku:'X-1'", "X-1"));
        assert!(finds("sku:'X-1'", "x-1-BLUE"));
        assert!(!finds("sku:'X-1'", "1-X"));
        assert!(finds("sku:X-1", "1-X"));
    }

    #[test]
    fn escapes_and_special_characters_stay_inside_quotes() {
        assert!(finds(r"sku:'O\'Neil: (a\\b)'", r"O'Neil: (a\b)"));
        assert!(finds("(sku:'A' OR sku:'B/2')", "B/2"));
    }

    #[test]
    fn and_binds_tighter_than_or() {
        assert!(finds("sku:a OR sku:b AND sku:c", "a"));
        assert!(!finds("sku:a AND sku:b OR sku:c AND sku:b", "a"));
    }

    #[test]
    fn an_unknown_field_matches_everything_and_warns() {
        let search = Search::parse("tracked:false", &["sku"]).unwrap();
        assert!(search.holds(&|_| false));
        assert_eq!(search.warnings[0]["code"], "invalid_field");
    }

    #[test]
    fn an_unquoted_timestamp_becomes_a_local_day_and_a_junk_field() {
        let search = Search::parse("updated_at:<2000-01-01T00:00:00Z", &["updated_at"]).unwrap();
        assert_eq!(search.warnings[0]["field"], "00");
        let at = |time: &str| time.parse::<Timestamp>().unwrap();
        assert!(search.holds(&|clause| clause.time_holds(at("2000-01-01T04:59:59Z"))));
        assert!(!search.holds(&|clause| clause.time_holds(at("2000-01-01T05:00:00Z"))));
        assert!(Search::parse("updated_at:>", &["updated_at"]).is_err());
    }
}
