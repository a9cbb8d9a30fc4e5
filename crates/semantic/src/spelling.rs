//! Which name was meant: enters a name that is none and the names there are, leaves the nearest one.
//!
//! Deliberately absent: whether it is near enough to be told, and the reference compiler's own rule,
//! which compares other names in another way.

/// The name with the smallest distance: letters left out, added, replaced, or swapped with the next
/// one, case included (optimal string alignment). None if several are equally near, for then none is
/// the likely one.
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let (mut best, mut least) = (None, usize::MAX);
    for other in names {
        let distance = strsim::osa_distance(name, other);
        if distance < least {
            (best, least) = (Some(other), distance);
        } else if distance == least {
            best = None;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mistake_counts_one() {
        for (name, meant) in [
            ("roperties", "properties"),
            ("propperties", "properties"),
            ("proqerties", "properties"),
            ("porperties", "properties"),
            ("Properties", "properties"),
        ] {
            assert_eq!(nearest(name, ["property", meant]), Some(meant));
        }
    }

    #[test]
    fn of_two_equally_near_names_none_was_meant() {
        assert_eq!(nearest("nme", ["name", "nome"]), None);
        assert_eq!(nearest("nme", ["nome", "name", "nm", "nme"]), Some("nme"));
        assert_eq!(nearest("nme", []), None);
    }
}
