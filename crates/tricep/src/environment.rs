//! What the surroundings of the process say about modules.

use std::env;
use std::path::{Path, PathBuf};

use tricep_analyzer::{Configuration, Environment, TrustedRegistries};

use crate::exit_code::Failure;

/// The variable by which the compiler is told of further registries to trust.
const TRUSTED: &str = "BICEP_TRUSTED_REGISTRIES";

/// The surroundings as seen from the working directory.
pub(crate) fn of(
    root: &Path,
    module_cache: Option<&Path>,
    configuration: Configuration,
) -> Result<Environment, Failure> {
    Ok(Environment {
        home: env::home_dir().as_deref().and_then(usable),
        module_cache: module_cache.map(|folder| named(root, folder)).transpose()?,
        trusted_registries: TrustedRegistries::new(&env::var(TRUSTED).unwrap_or_default()),
        folders_above: root.ancestors().count().saturating_sub(1),
        root: usable(root),
        configuration,
    })
}

/// The module cache that was asked for. One that is not there is a mistake in the command.
fn named(root: &Path, folder: &Path) -> Result<String, Failure> {
    let full = root.join(folder);
    if !full.is_dir() {
        let folder = folder.display();
        return Err(Failure::Usage(format!("there is no folder `{folder}`")));
    }
    usable(&full).ok_or_else(|| Failure::Usage("`--module-cache` must be UTF-8".to_owned()))
}

/// An absolute path as the analyzer takes it.
fn usable(path: &Path) -> Option<String> {
    let path: PathBuf = path.is_absolute().then(|| path.components().collect())?;
    let text = path.to_str()?;
    Some(if cfg!(windows) {
        text.replace('\\', "/")
    } else {
        text.to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_cache_must_be_there() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let found = of(root, Some(Path::new("./src")), Configuration::Nearest)
            .unwrap()
            .module_cache;
        assert!(found.is_some_and(|cache| cache.ends_with("/src")));
        let failure = of(root, Some(Path::new("none")), Configuration::Nearest).unwrap_err();
        assert_eq!(
            failure,
            Failure::Usage("there is no folder `none`".to_owned())
        );
    }

    #[cfg(unix)]
    #[test]
    fn folders_above_are_counted_to_the_top() {
        let above = |root: &str| {
            of(Path::new(root), None, Configuration::Nearest)
                .unwrap()
                .folders_above
        };
        assert_eq!(above("/"), 0);
        assert_eq!(above("/home/here"), 2);
    }
}
