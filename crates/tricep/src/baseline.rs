//! `--baseline` and `--write-baseline`.

use std::fs;

use tricep_analyzer::report::Report;
use tricep_analyzer::report::baseline::Baseline;

use crate::args::CheckArgs;
use crate::exit_code::Failure;
use crate::output;

/// Writes the baseline that is asked for, or takes out what the given one knows; gives back what that
/// knows and is gone, a line each. What was written counts as known in this run already.
pub(crate) fn apply(args: &CheckArgs, report: &mut Report) -> Result<Vec<String>, Failure> {
    if let Some(file) = &args.write_baseline {
        let baseline = Baseline::of(report);
        output::write_file(file, &baseline.to_json())?;
        return Ok(report.without(baseline));
    }
    let Some(file) = &args.baseline else {
        return Ok(Vec::new());
    };
    let bad = |why: String| Failure::Usage(format!("cannot use `{}`: {why}", file.display()));
    let bytes = fs::read(file).map_err(|error| bad(output::reason(&error)))?;
    let text = String::from_utf8(bytes).map_err(|_| bad("it is not UTF-8 text".to_owned()))?;
    let baseline = Baseline::from_json(&text).map_err(|why| bad(why.to_string()))?;
    Ok(report.without(baseline))
}
