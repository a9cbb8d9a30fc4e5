//! `cargo xtask catalogue --types SOURCE`: makes `crates/catalogue/data` from the raw type files, a
//! folder or a `.tar.zst`. With `--verify` it compares everything in the pack with them instead.
//! Without a source it counts what is in the pack.

mod bytes;
mod classes;
mod count;
mod graph;
mod numbers;
mod raw;
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
}

/// Runs the chore; false when the pack is not as the raw types.
///
/// # Errors
/// When files cannot be read or written, or are not as we know them.
pub fn run(args: &Args) -> Result<bool, Box<dyn Error>> {
    match &args.types {
        None => say_counts().map(|()| true),
        Some(source) if args.verify => verify_pack(source),
        Some(source) => make(source, args.package.as_deref()).map(|()| true),
    }
}

fn data() -> PathBuf {
    root().join("crates/catalogue/data")
}

fn read_pack() -> Result<Vec<u8>, Box<dyn Error>> {
    Ok(fs::read(data().join("azure.pack"))?)
}

fn say_counts() -> Result<(), Box<dyn Error>> {
    let pack = read_pack()?;
    say(&count::all(Catalogue::open(&pack)?)?.to_string());
    Ok(())
}

fn verify_pack(source: &Path) -> Result<bool, Box<dyn Error>> {
    let pack = read_pack()?;
    let result = verify::compare(source, Catalogue::open(&pack)?)?;
    say(&result.to_string());
    Ok(result.is_equal())
}

fn make(source: &Path, package: Option<&str>) -> Result<(), Box<dyn Error>> {
    let graph = graph::read(source)?;
    let classes = classes::find(&graph);
    let pack = write::pack(&graph, &classes)?;
    let about = about(source, package, &pack)?;
    fs::write(data().join("azure.pack"), &pack)?;
    fs::write(data().join("LICENSE"), &graph.licence)?;
    fs::write(data().join("SOURCE"), about)?;
    say_counts()
}

/// What data/SOURCE says: what it said of the same types before, or what `package` says.
fn about(source: &Path, package: Option<&str>, pack: &[u8]) -> Result<String, Box<dyn Error>> {
    let before = fs::read_to_string(data().join("SOURCE")).unwrap_or_default();
    let line = |key: &str| before.lines().find_map(|line| line.strip_prefix(key));
    let pack = format!("sha256 {}", source::sha256_of(pack));
    let archive = match source::sha256(source)? {
        Some(sha256) => format!("sha256 {sha256}"),
        None if line("pack: ") == Some(&pack) => return Ok(before),
        None => "none, an unpacked folder".to_owned(),
    };
    let known = line("package: ").filter(|_| line("archive: ") == Some(&archive));
    let package = package.or(known);
    let package = package.ok_or("these are other types: say with --package what they are")?;
    Ok(format!(
        "package: {package}\narchive: {archive}\npack: {pack}\n"
    ))
}

#[expect(clippy::print_stdout, reason = "the chore speaks to a person")]
fn say(text: &str) {
    print!("{text}");
}
