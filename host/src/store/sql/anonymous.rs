//! Placeholders as SQLite likes them: `?` instead of `$3`.
//!
//! To SQLite `$3` is a name, and each name is looked up in a list of all, so that a statement with five thousand of
//! them spends nearly all its time there. A `?` has no name; it takes the next value.

use sea_orm::Value;

/// The same statement with `?` for each `$n`, and the values in the order in which they are then taken.
pub(super) fn placeholders(
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = values.into_iter().collect();
    let mut spelled = String::with_capacity(sql.len());
    let mut taken = Vec::with_capacity(values.len());
    let mut uses = vec![0usize; values.len()];
    for number in numbers(sql).map(|(_, number)| number) {
        uses[number - 1] += 1;
    }
    let mut copied_to = 0;
    for (span, number) in numbers(sql) {
        spelled.push_str(&sql[copied_to..span.start]);
        spelled.push('?');
        copied_to = span.end;
        uses[number - 1] -= 1;
        taken.push(match uses[number - 1] {
            0 => std::mem::replace(&mut values[number - 1], Value::Bool(None)),
            _ => values[number - 1].clone(),
        });
    }
    spelled.push_str(&sql[copied_to..]);
    (spelled, taken)
}

/// Where each `$n` stands, and its number. No statement of ours has a `$` elsewhere.
fn numbers(sql: &str) -> impl Iterator<Item = (std::ops::Range<usize>, usize)> {
    sql.match_indices('$').map(|(start, _)| {
        let rest = sql[start + 1..].bytes();
        let digits = rest.take_while(u8::is_ascii_digit);
        let (length, number) = digits.fold((0, 0), |(length, number), digit| {
            (length + 1, number * 10 + usize::from(digit - b'0'))
        });
        (start..start + 1 + length, number)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sql: &str, values: &[i32], spelled: &str, taken: &[i32]) {
        let numbers = |numbers: &[i32]| numbers.iter().map(|n| Value::from(*n)).collect::<Vec<_>>();
        let expected = (spelled.to_owned(), numbers(taken));
        assert_eq!(placeholders(sql, numbers(values)), expected, "{sql}");
    }

    #[test]
    fn each_value_is_taken_where_its_number_stood() {
        check("select 1", &[], "select 1", &[]);
        check("a = $1 and b = $2", &[7, 8], "a = ? and b = ?", &[7, 8]);
        check("a = $2 and b = $1", &[7, 8], "a = ? and b = ?", &[8, 7]);
        check(
            "($1, $2), ($1, $3)",
            &[7, 8, 9],
            "(?, ?), (?, ?)",
            &[7, 8, 7, 9],
        );
        check("$10 $1", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], "? ?", &[10, 1]);
    }
}
