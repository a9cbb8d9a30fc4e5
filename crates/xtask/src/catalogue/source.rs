//! The raw files: enters a folder or a `.tar.zst`, leave the paths and bytes of its files, one at a
//! time.

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// What is done with each file: its path in the source, and its bytes.
pub(super) type Each<'a> = dyn FnMut(&str, &[u8]) -> Result<(), Box<dyn Error>> + 'a;

/// Calls `each` for every file of the source.
///
/// # Errors
/// When something cannot be read, and what `each` says.
pub(super) fn files(source: &Path, each: &mut Each<'_>) -> Result<(), Box<dyn Error>> {
    match source.is_dir() {
        true => folder(source, source, each),
        false => archive(source, each),
    }
}

fn folder(root: &Path, folder: &Path, each: &mut Each<'_>) -> Result<(), Box<dyn Error>> {
    for path in entries(folder)? {
        if path.is_dir() {
            self::folder(root, &path, each)?;
        } else {
            let name = path
                .strip_prefix(root)?
                .to_string_lossy()
                .replace('\\', "/");
            each(&name, &fs::read(&path)?)?;
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut paths = entries.collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn archive(source: &Path, each: &mut Each<'_>) -> Result<(), Box<dyn Error>> {
    let unpacked = zstd::Decoder::new(open(source)?)?;
    let mut bytes = Vec::new();
    for entry in tar::Archive::new(unpacked).entries()? {
        let mut entry = entry?;
        if entry.header().entry_type().is_file() {
            bytes.clear();
            entry.read_to_end(&mut bytes)?;
            let path = entry.path()?.to_string_lossy().into_owned();
            each(path.trim_start_matches("./"), &bytes)?;
        }
    }
    Ok(())
}

fn open(source: &Path) -> Result<File, Box<dyn Error>> {
    File::open(source).map_err(|error| format!("cannot read {}: {error}", source.display()).into())
}

/// The SHA-256 of an archive; a folder has none.
///
/// # Errors
/// When the archive cannot be read.
pub(super) fn sha256(source: &Path) -> Result<Option<String>, Box<dyn Error>> {
    if source.is_dir() {
        return Ok(None);
    }
    Ok(Some(sha256_of(&fs::read(source)?)))
}

/// The SHA-256 of bytes, in hexadecimal digits.
pub(super) fn sha256_of(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
