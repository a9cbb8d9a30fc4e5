//! Writes the schema of the configuration to where a test of the analyzer compares it.

use std::error::Error;
use std::fs;
use std::path::Path;

/// Writes it.
///
/// # Errors
/// When the file cannot be written.
pub fn run() -> Result<bool, Box<dyn Error>> {
    let analyzer = Path::new(env!("CARGO_MANIFEST_DIR")).join("../analyzer");
    let file = analyzer.join("schema/bicepconfig.schema.json");
    fs::write(file, tricep_analyzer::schema())?;
    Ok(true)
}
