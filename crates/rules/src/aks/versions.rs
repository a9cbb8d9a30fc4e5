//! Versions of Kubernetes: what is old ages, so it has a date.

/// A version and when it was looked up.
pub(crate) struct Dated {
    /// `major.minor.patch`
    pub(crate) version: &'static str,
    /// When it was looked up, `YYYY-MM-DD`.
    pub(crate) since: &'static str,
}

/// The oldest version that is good enough unless users set another: the one of PSRule for Azure,
/// `AZURE_AKS_CLUSTER_MINIMUM_VERSION`.
pub(crate) const MINIMUM: Dated = Dated {
    version: "1.33.7",
    since: "2026-11-23",
};

/// A version of Kubernetes. Without a patch the service takes the newest one there is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Version {
    minor: (u32, u32),
    patch: Option<u32>,
}

impl Version {
    /// Reads `major.minor` or `major.minor.patch`.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let number = |text: &str| {
            let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
            is_plain.then(|| text.parse().ok()).flatten()
        };
        let mut parts = text.split('.');
        let minor = (number(parts.next()?)?, number(parts.next()?)?);
        let patch = match parts.next() {
            Some(patch) => Some(number(patch)?),
            None => None,
        };
        parts.next().is_none().then_some(Self { minor, patch })
    }

    /// Whether it is at least another one.
    pub(crate) fn reaches(self, other: Self) -> bool {
        if self.minor != other.minor {
            return self.minor > other.minor;
        }
        self.patch
            .is_none_or(|patch| patch >= other.patch.unwrap_or(0))
    }

    /// Its `major.minor`, by which the service takes the newest patch.
    pub(crate) fn line(self) -> String {
        format!("{}.{}", self.minor.0, self.minor.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::read(text).expect(text)
    }

    #[test]
    fn versions_compare_by_numbers_and_a_line_counts_as_its_newest_patch() {
        assert!(version("1.33.10").reaches(version("1.33.7")));
        assert!(version("1.34.0").reaches(version("1.33.7")));
        assert!(version("1.33").reaches(version("1.33.7")));
        assert!(version("1.33.0").reaches(version("1.33")));
        assert!(!version("1.33.6").reaches(version("1.33.7")));
        assert!(!version("1.9.12").reaches(version("1.33.7")));
    }

    #[test]
    fn what_is_no_version_is_not_read() {
        for text in [
            "",
            "1",
            "latest",
            "1.33.x",
            "1.33.7.1",
            "1..7",
            "v1.33",
            "1.+3",
            "1.99999999999",
        ] {
            assert_eq!(Version::read(text), None, "{text}");
        }
    }
}
