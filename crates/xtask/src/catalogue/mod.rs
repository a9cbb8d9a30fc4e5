//! `cargo xtask catalogue --types SOURCE`: makes `crates/catalogue/data` from the raw type files, a
//! folder or a `.tar.zst`. With `--verify` it compares everything in the pack with them instead.
//! Without a source it counts what is in the pack.

mod body;
mod bytes;
mod classes;
mod count;
mod graph;
mod numbers;
mod raw;
mod read;
mod source;
mod verify;
mod write;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use tricep_catalogue::Catalogue;

use crate::conformance::root;

/// Where the types are, and what to do with them.
#[derive(clap::Args)]
pub struct Args {
    /// The raw types: a folder or a `.tar.zst` with index.json, LICENSE and the files of types.
    #[arg(long, value_name = "SOURCE")]
    types: Option<PathBuf>,
    /// Compare the pack with the raw types and write nothing.
    #[arg(long, requires = "types")]
    verify: bool,
    /// What the raw types are, for data/SOURCE: the package, its version, where it comes from.
    #[arg(
        long,
        value_name = "TEXT",
        requires = "types",
        conflicts_with = "verify"
    )]
    package: Option<String>,
    /// Another pack than the committed one; LICENSE and SOURCE are not written beside it.
    #[arg(long, value_name = "FILE", conflicts_with = "package")]
    pack: Option<PathBuf>,
}

/// Runs the chore; false when the pack is not as the raw types.
///
/// # Errors
/// When files cannot be read or written, or are not as we know them.
pub fn run(args: &Args) -> Result<bool, Box<dyn Error>> {
    let committed = data().join("azure.pack");
    let file = args.pack.as_deref().unwrap_or(&committed);
    match &args.types {
        None => {}
        Some(source) if args.verify => return verify_pack(file, source),
        Some(source) => {
            let (pack, licence) = make(source)?;
            if args.pack.is_none() {
                fs::write(data().join("SOURCE"), about(source, args, &pack)?)?;
                fs::write(data().join("LICENSE"), licence)?;
            }
            fs::write(file, pack)?;
        }
    }
    let pack = fs::read(file)?;
    say(&count::all(Catalogue::open(&pack)?)?.to_string());
    Ok(true)
}

fn data() -> PathBuf {
    root().join("crates/catalogue/data")
}

fn verify_pack(file: &Path, source: &Path) -> Result<bool, Box<dyn Error>> {
    let pack = fs::read(file)?;
    let result = verify::compare(source, Catalogue::open(&pack)?)?;
    say(&result.to_string());
    Ok(result.is_equal())
}

/// Whether a pack says what the raw types say.
///
/// # Errors
/// When the pack is damaged, or the raw files cannot be read or are not as we know them.
pub fn agrees(pack: &[u8], source: &Path) -> Result<bool, Box<dyn Error>> {
    Ok(verify::compare(source, Catalogue::open(pack)?)?.is_equal())
}

/// Makes a pack; the licence of the types is with it.
///
/// # Errors
/// When the raw files cannot be read, are not as we know them, or are too many.
pub fn make(source: &Path) -> Result<(Vec<u8>, Vec<u8>), Box<dyn Error>> {
    let graph = read::read(source)?;
    let classes = classes::find(&graph);
    Ok((write::pack(&graph, &classes)?, graph.licence))
}

/// What data/SOURCE says: what it said of the same types before, or what `package` says.
fn about(source: &Path, args: &Args, pack: &[u8]) -> Result<String, Box<dyn Error>> {
    let before = fs::read_to_string(data().join("SOURCE")).unwrap_or_default();
    let line = |key: &str| before.lines().find_map(|line| line.strip_prefix(key));
    let pack = format!("sha256 {}", source::sha256_of(pack));
    let archive = match source::sha256(source)? {
        Some(sha256) => format!("sha256 {sha256}"),
        None if line("pack: ") == Some(&pack) => return Ok(before),
        None => "none, an unpacked folder".to_owned(),
    };
    let known = line("package: ").filter(|_| line("archive: ") == Some(&archive));
    let package = args.package.as_deref().or(known);
    let package = package.ok_or("these are other types: say with --package what they are")?;
    Ok(format!(
        "package: {package}\narchive: {archive}\npack: {pack}\n"
    ))
}

#[expect(clippy::print_stdout, reason = "the chore speaks to a person")]
fn say(text: &str) {
    print!("{text}");
}
