//! Texts with what must be said of them under the lines: `//  ^^^ BCP037 error: words`. The marks
//! stand under the characters they speak of; words are part of the message and may be left out.

use std::fmt::Write as _;

use tricep_catalogue::azure;
use tricep_syntax::bicep::{Dialect, parse};
use tricep_syntax::text::FileId;

use super::{Level, Types};
use crate::index::IndexVec;
use crate::lower::lower;
use crate::project::{Origin, Project, Target, Unit};

/// A project of these files; paths of modules are names of files.
fn project(files: &[(&str, &str)]) -> Project {
    let unit = |(name, text): &(&str, &str)| {
        let parsed = parse((*text).to_owned(), Dialect::of_path(name));
        let template = lower(&parsed);
        let mut targets = IndexVec::default();
        for reference in template.references.iter() {
            let at = files
                .iter()
                .position(|(name, _)| reference.path.as_deref() == Some(*name));
            targets.push(match at {
                Some(at) => Target::File(FileId(at as u32)),
                None => Target::Unavailable("it is not there".into()),
            });
        }
        Unit {
            text: (*text).into(),
            template,
            targets,
            origin: Origin::Own,
        }
    };
    Project::new(files.iter().map(unit).collect())
}

/// What is said of the first file, as marks would have it: line, columns, code, level, message.
fn said(files: &[(&str, &str)]) -> Vec<String> {
    let project = project(files);
    let text = files[0].1;
    let types = Types::new(&project, Some(azure()));
    let problems = types.check(FileId(0));
    let line = |problem: &super::Problem| {
        let (start, end) = (problem.span.start as usize, problem.span.end as usize);
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let number = before.matches('\n').count() + 1;
        let covered = text[start..end].lines().next().unwrap_or_default();
        let level = match problem.level {
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
        };
        format!(
            "{number}:{}+{} {} {level}: {problem}",
            start - line_start,
            covered.len(),
            problem.code()
        )
    };
    problems.iter().map(line).collect()
}

/// The marks of a text, in the same form without the message, and the words of each.
fn marks(text: &str) -> Vec<(String, String)> {
    let mut marks = Vec::new();
    let mut number = 0;
    for line in text.lines() {
        if !(line.trim_start().starts_with("//") && line.contains('^')) {
            number += 1;
            continue;
        }
        let column = line.find('^').unwrap_or_default();
        let width = line[column..].chars().take_while(|&c| c == '^').count();
        let rest = line[column + width..].trim();
        let (code, words) = rest.split_once(':').unwrap_or((rest, ""));
        let mark = format!("{number}:{column}+{width} {}", code.trim());
        marks.push((mark, words.trim().to_owned()));
    }
    marks
}

/// Compares what is said of a text with its marks.
fn check(text: &str) {
    check_with(text, &[]);
}

fn check_with(text: &str, others: &[(&str, &str)]) {
    let bare: String = text
        .lines()
        .filter(|line| !(line.trim_start().starts_with("//") && line.contains('^')))
        .fold(String::new(), |mut bare, line| {
            let _ = writeln!(bare, "{line}");
            bare
        });
    let mut files = vec![("main.bicep", bare.as_str())];
    files.extend(others);
    let said = said(&files);
    let marks = marks(text);
    let same = said.len() == marks.len()
        && marks.iter().all(|(mark, words)| {
            let found = said
                .iter()
                .find(|line| line.starts_with(&format!("{mark}:")));
            found.is_some_and(|line| line.contains(words.as_str()))
        });
    assert!(same, "said: {said:#?}\nmarks: {marks:#?}");
}

#[test]
fn unknown_properties_are_errors_at_the_top_and_warnings_below() {
    check(
        "
param tenant_id string
resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'vault1'
  location: 'west'
  loction: 'west'
//^^^^^^^ BCP037 error: unknown property `loction`
  properties: {
    tenantId: tenant_id
    sku: { name: 'standard', family: 'A' }
    enableRbacAuthorisation: true
//  ^^^^^^^^^^^^^^^^^^^^^^^ BCP089 warning: did you mean `enableRbacAuthorization`?
    enablesoftdelete: true
//  ^^^^^^^^^^^^^^^^ BCP089 warning: did you mean `enableSoftDelete`?
  }
}
",
    );
}

#[test]
fn what_is_missing_is_told_at_once_where_the_object_belongs_to() {
    check(
        "
param tenant_id string
resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
//       ^^^^^ BCP035 error: required properties are missing: `location`, `name`
  properties: {
    tenantId: tenant_id
    sku: { name: 'standard' }
//  ^^^ BCP035 warning: required property `family` is missing
  }
}
",
    );
}

#[test]
fn closed_lists_are_closed_and_open_ones_are_not() {
    check(
        "
param any_name string
resource account 'Microsoft.Storage/storageAccounts@2023-01-01' = {
  name: 'account1'
  location: 'west'
  kind: 'Storagev2'
//      ^^^^^^^^^^^ letter-case-of-value info: the known value is spelt `StorageV2`
  sku: { name: any_name }
  properties: {
    accessTier: 'hot'
//              ^^^^^ BCP036 warning: must be `'Cool' | 'Hot' | 'Premium' | null`, not `'hot'`
    allowBlobPublicAccess: 'false'
//                         ^^^^^^^ BCP036 warning: must be `bool | null`, not `'false'`
    primaryEndpoints: {}
//  ^^^^^^^^^^^^^^^^ BCP073 warning: read-only
  }
}
",
    );
}

#[test]
fn values_are_looked_at_through_variables() {
    check(
        "
var settings = {
  accessTier: 'Hot'
  acessTier: 'Hot'
}
resource account 'Microsoft.Storage/storageAccounts@2023-01-01' = {
  name: 'account1'
  location: 'west'
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: settings
//            ^^^^^^^^ BCP037 warning: unknown property `acessTier`
}
",
    );
}

#[test]
fn lengths_and_patterns_are_those_of_the_data() {
    check(
        "
param prefix string
@minLength(2)
param short string
resource account 'Microsoft.Storage/storageAccounts@2023-01-01' = {
  name: 'Account_1'
//      ^^^^^^^^^^^ BCP416 warning: the text does not match the pattern
  location: 'west'
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
}
resource other 'Microsoft.Storage/storageAccounts@2023-01-01' = {
  name: short
//      ^^^^^ BCP334 warning: the length may be as small as 2
  location: prefix
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
}
",
    );
}

#[test]
fn types_that_are_not_known_are_told_apart_from_what_is_none() {
    check(
        "
resource a 'Microsoft.Storage/storageAcounts@2023-01-01' = {
//         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ BCP081 warning
  name: 'a'
  properties: { whatever: 1 }
  nothing: 1
//^^^^^^^ BCP037 error
}
resource b 'Microsoft.Storage/storageAccounts' existing = {
//         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ BCP029 error
  name: 'b'
}
",
    );
}

#[test]
fn a_mistake_elsewhere_in_a_body_silences_it() {
    check(
        "
resource a 'Microsoft.Storage/storageAccounts@2023-01-01' = {
  name: nowhere
//      ^^^^^^^ BCP057 error
  foo: 1
}
",
    );
}

#[test]
fn names_that_nothing_declares_are_told() {
    check(
        "
param ranges array
var a = rangs
//      ^^^^^ BCP057 error
var b = [for range in ranges: range]
var c = map(ranges, r => r)
var d = sys.empty(ranges)
var e = nameof(nowhere)
//             ^^^^^^^ BCP057 error
var f = concat
var g = 1 + nothing ]
//          ^^^^^^^ BCP057 error
var h = '${nothing nothing}'
var i = map(ranges, r => q + r)
//                       ^ BCP057 error
metadata m = nothing
//           ^^^^^^^ BCP057 error
",
    );
}

#[test]
fn functions_and_decorators_that_are_not_there_are_told() {
    check(
        "
var a = concatenate('a', sys.nothing())
//      ^^^^^^^^^^^ BCP057 error: there is no function
var b = resourcegroup().location
//      ^^^^^^^^^^^^^ BCP082 error: did you mean `resourceGroup`?
var c = add(1, 2)
var d = listSomething('a', 'b')
var e = a('b')
var f = readEnvironmentVariable('A')
//      ^^^^^^^^^^^^^^^^^^^^^^^ BCP057 error
   @descripton('b')
//  ^^^^^^^^^^ BCP082 error: did you mean `description`?
@minLength(nothing)
//         ^^^^^^^ BCP057 error
param g string
var h = map([1], i => i(2))
",
    );
}

#[test]
fn nobody_looks_for_names_where_the_compiler_looks_at_nothing() {
    check(
        "
resource one 'no type' = {
//           ^^^^^^^^^ BCP029 error
  name: nothing
}
module two 'nowhere.bicep' = if (nothing) {
  name: nothing
}
param three nothing = nothing
",
    );
}

#[test]
fn names_that_are_there_several_times_are_told_at_each_place() {
    check(
        "
param one string
//    ^^^ BCP028 error: `one` is declared several times
var one = 'a'
//  ^^^ BCP028 error
func f(x int, x int) int => 1
//     ^ BCP028 error
//            ^ BCP028 error
var two = map([1], one => one)
output two int = 1
//     ^^^ BCP145 error
output two int = 2
//     ^^^ BCP145 error
metadata two = 'a'
",
    );
}

#[test]
fn keys_that_are_there_several_times_are_told() {
    check(
        "
var a = {
  one: 1
//^^^ BCP025 error: the property `one` is there several times
  'one': 2
//^^^^^ BCP025 error
  One: 3
  ...{}
}
type t = {
  one: string
  'one': int
//^^^^^ BCP025 error
}
",
    );
}

#[test]
fn names_have_the_segments_of_their_type() {
    check(
        "
resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: 'vault1'
}
resource one 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: vault
  name: 'vault1/secret'
//      ^^^^^^^^^^^^^^^ BCP170 error
//      ^^^^^^^^^^^^^^^ BCP416 warning
  properties: {}
}
resource two 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  name: 'secret'
//      ^^^^^^^^ BCP169 error: the name must have 2 segments
  properties: {}
}
",
    );
}

#[test]
fn a_module_wants_its_parameters() {
    let module = "
param name string
param size int?
param kinds ('a' | 'b')[] = []
output id string = name
";
    check_with(
        "
module m 'm.bicep' = {
  params: {
//^^^^^^ BCP035 error: required property `name` is missing
    size: 'big'
//        ^^^^^ BCP036 error
    kinds: ['a', 'c']
//               ^^^ BCP034 error
    nme: 'x'
//  ^^^ BCP089 error: did you mean `name`?
  }
}
output o string = m.outputs.di
//                          ^^ BCP053 error: there is `id`
",
        &[("m.bicep", module)],
    );
}

#[test]
fn what_may_not_be_deployed_may_be_null() {
    check(
        "
param on bool
resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = if (on) {
  name: 'vault1'
}
output id string = vault.id
output uri string = vault.properties.vaultUri
//                       ^^^^^^^^^^^ BCP318 warning
output safe string? = vault.?properties.vaultUri
",
    );
}

#[test]
fn cycles_and_endless_types_end() {
    check(
        "
type tree = { left: tree?, right: tree? }
param t tree
param u tree = t
var a = b
var b = a
resource r 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: r.name
}
output o tree = u
",
    );
}

#[test]
fn without_a_catalogue_nothing_is_said_of_resources() {
    let text = "resource a 'Microsoft.KeyVault/vaults@2023-07-01' = { nme: 1 }";
    let project = project(&[("main.bicep", text)]);
    assert_eq!(Types::new(&project, None).check(FileId(0)), Vec::new());
}

#[test]
fn types_made_of_resource_types_name_one() {
    check(
        "
type a = resourceInput<'Microsoft.Storage/storageAccounts'>
//                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ BCP029 error
type b = resourceOutput<'Microsoft.Storage/storageAccounts@latest'>
//                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ BCP029 error
type c = resourceInput<'Microsoft.Storage/storageAccounts@2023-01-01'>
type d = resourceInput<'Nobody.Knows/things@2023-01-01'>
type e = resourceInput<'Microsoft.Storage/storageAccounts@2023-01-01'>.properties
",
    );
}
