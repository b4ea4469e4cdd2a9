//! The two halves of a cell reference: findings stand in the order of sheet rows, and a total's cell is put together from its
//! row and the column above it.

/// The row of an A1 reference.
#[must_use]
pub fn row(cell: &str) -> Option<u32> {
    cell.trim_start_matches(|c: char| c.is_ascii_alphabetic()).parse().ok()
}

/// The column letters of an A1 reference.
#[must_use]
pub fn column(cell: &str) -> &str {
    cell.trim_end_matches(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_a_reference() {
        assert_eq!((column("AB17"), row("AB17")), ("AB", Some(17)));
        assert_eq!(row(""), None);
    }
}
