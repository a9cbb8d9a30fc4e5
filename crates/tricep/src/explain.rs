//! `tricep explain`.

use tricep_analyzer::report::{explain, find_rule};
use tricep_rules::RuleMeta;

use crate::args::{ExplainArgs, ExplainFormat};
use crate::exit_code::{Exit, Failure};
use crate::output;

/// Prints one rule, or the list.
pub(crate) fn run(args: &ExplainArgs) -> Result<Exit, Failure> {
    output::print(&render(args, tricep_rules::rules())?)?;
    Ok(Exit::Clean)
}

fn render(args: &ExplainArgs, rules: &[&'static RuleMeta]) -> Result<String, Failure> {
    let Some(name) = &args.rule else {
        return Ok(match args.format {
            ExplainFormat::Text => explain::render_list(rules),
            ExplainFormat::Json => explain::render_list_json(rules),
        });
    };
    let rule = find_rule(rules, name).map_err(|unknown| {
        Failure::Usage(format!("{unknown}; `tricep explain` lists the rules"))
    })?;
    Ok(match args.format {
        ExplainFormat::Text => explain::render(rule),
        ExplainFormat::Json => explain::render_json(rule),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_rule_is_bad_usage() {
        let args = ExplainArgs {
            rule: Some("nonsense".to_owned()),
            format: ExplainFormat::Text,
        };
        assert_eq!(
            render(&args, &[]),
            Err(Failure::Usage(
                "unknown rule `nonsense`; `tricep explain` lists the rules".to_owned()
            ))
        );
    }
}
