//! "Did you mean": the nearest known word.

/// The candidate nearest to `word`, if one is near enough to be a slip of the hand.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let reach = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= reach)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The hint for an unknown word: the nearest candidate, else all of them.
pub fn hint<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(candidate) = closest(word, candidates.clone()) {
        return format!("did you mean `{candidate}`?");
    }
    let mut known = candidates.into_iter().take(13).map(|candidate| format!("`{candidate}`")).collect::<Vec<_>>();
    match known.len() {
        0 => "nothing of that kind is declared".to_owned(),
        1 => format!("the only one known is {}", known.concat()),
        13 => {
            known.truncate(12);
            format!("known are {} and others", known.join(", "))
        }
        _ => format!("known are {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_another_word_finds_the_list() {
        assert_eq!(hint("paid_totl", ["paid_last_year", "paid_total"]), "did you mean `paid_total`?");
        assert_eq!(hint("growth", ["region", "paid_total"]), "known are `region`, `paid_total`");
        assert_eq!(hint("亿", ["亿元", "万元"]), "did you mean `亿元`?");
    }
}
