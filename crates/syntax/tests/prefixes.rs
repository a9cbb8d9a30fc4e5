//! A file while it is typed: every beginning of a file has a tree, and what was finished stays in it.

mod sound;
mod walk;

use tricep_syntax::bicep::ast::{ExprId, ExprKind, Name, StatementId, StatementKind, Using};
use tricep_syntax::bicep::{Dialect, Parsed, parse};

/// A part of the file; `#` stands for the number of the part.
const PART: &str = "\
metadata part# = 'no. #'
import { size# } from 'a.bicep'
import * as all# from 'b.bicep'

@description('''
it's
''')
@allowed([
  'west'
])
param place# string = 'west'
type pair# = {
  left: int?
  @minLength(1)
  right: ('a' | 'b')[]
}
func twice#(s string) string => '${s}${s}'
var list# = [for (x, i) in all#: {
  key: '${x}-${i}' // why
  'a-b': i > 1 ? map(x, y => y.z) : [
    1, 2
  ]
}]

#disable-next-line some-code
resource one# 'A.B/c@2020-01-01' = if (place# == 'x') {
  name: 'n#'
  resource two 'd' = {
    name: f(1,
      2)
  }
}
/* module */ module inner# './m.bicep' = {
  name: one#::two.name
}
output out# array = list#[0].key
";

const PARTS: usize = 9;

fn file() -> String {
    let part = |number: usize| {
        let text = PART.replace('#', &number.to_string());
        text.replace(&format!("{number}disable"), "#disable")
    };
    (0..PARTS).map(part).collect()
}

/// What a statement declares or refers to, and where it ends.
fn statements(parsed: &Parsed) -> Vec<(String, usize)> {
    let tree = parsed.tree();
    let known = tree
        .list(tree.body())
        .filter(|&id| tree[id].kind != StatementKind::Skipped);
    known
        .map(|id| (label(parsed, id), tree[id].span.end as usize))
        .collect()
}

fn label(parsed: &Parsed, id: StatementId) -> String {
    let text = |name: Option<Name>| name.map_or("?", |name| parsed.name(name)).to_owned();
    let path = |path: ExprId| match parsed.tree()[path].kind {
        ExprKind::Missing => "?".to_owned(),
        _ => parsed.text()[parsed.tree()[path].span.range()].to_owned(),
    };
    match parsed.tree()[id].kind {
        StatementKind::Metadata { name, .. }
        | StatementKind::Param { name, .. }
        | StatementKind::Var { name, .. }
        | StatementKind::Type { name, .. }
        | StatementKind::Func { name, .. }
        | StatementKind::Output { name, .. }
        | StatementKind::Resource { name, .. }
        | StatementKind::Module { name, .. }
        | StatementKind::Test { name, .. }
        | StatementKind::ImportAll { name, .. }
        | StatementKind::ExtensionConfig { name, .. }
        | StatementKind::Assert { name, .. } => text(name),
        StatementKind::ImportList { path: from, .. }
        | StatementKind::Extends { path: from }
        | StatementKind::Extension { spec: from, .. }
        | StatementKind::Using {
            target: Using::Path(from),
            ..
        } => path(from),
        StatementKind::Using { .. } => "none".to_owned(),
        StatementKind::TargetScope { value } => path(value),
        StatementKind::Skipped => "?".to_owned(),
    }
}

/// Checks every beginning of `text` that is at least `from` bytes long.
fn check_prefixes(text: &str, dialect: Dialect, from: usize) {
    let whole = parse(text, dialect);
    assert_eq!(whole.errors(), []);
    let whole = statements(&whole);
    for (end, _) in text.char_indices().filter(|&(end, _)| end >= from) {
        let parsed = parse(&text[..end], dialect);
        // The slower half of the check is left to some of them.
        if end % 4 == 0 {
            sound::assert_sound(&parsed);
        }
        let kept = statements(&parsed);
        let finished = whole.iter().take_while(|(_, finish)| *finish <= end);
        let finished = finished.map(|(label, _)| label);
        let kept = kept
            .iter()
            .map(|(label, _)| label)
            .take(finished.clone().count());
        assert!(kept.eq(finished), "{:?}", &text[..end]);
    }
}

#[test]
fn no_prefix_of_a_long_file_loses_a_declaration_before_the_cursor() {
    let text = file();
    assert!(text.lines().count() >= 300, "{}", text.lines().count());
    check_prefixes(&text, Dialect::Bicep, 0);
}

#[test]
fn no_prefix_of_a_parameter_file_loses_a_declaration_before_the_cursor() {
    let text = "using './main.bicep' with {\n  mode: 'x'\n}\nextends 'base.bicepparam'\n\
                import { size } from 'shared.bicep'\nextension graph as g\n\
                extensionConfig graph with { tenant: 'a' }\ntype word = 'a' | 'b'\n\
                var prefix = 'dev'\n@description('a name')\nparam name = '${prefix}-x'\n\
                param sizes = [\n  1\n  2, {\n    c: f(3)\n  }\n]\nparam last = 1\n";
    check_prefixes(text, Dialect::Params, 0);
}
