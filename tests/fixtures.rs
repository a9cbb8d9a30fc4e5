//! Every fixture says what it says it does: all findings, at exactly the places marked in it.

mod fixture;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use fixture::compare::{differences, found, run};
use fixture::{Fixture, Problems};
use tricep_analyzer::report::Report;

/// The rule whose verdicts the fixtures mark.
const RULE: &str = "aks-authorized-ip-ranges";

/// What the fixtures cover: the shapes seen in real deployments (`A1` to `F`), the rows of the
/// rule's decision table (`T1` to `T12`), legal forms nobody was seen to use, and which files are
/// judged.
const ROWS: &str = "cases A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14 \
    B1 B2 B3 B4 B5 B6 B7 B8 B9 B10 B11 B12 B13 B14 \
    C1 C2 C3 C4 C5 C6 C7 C8 C9 C10 C11 C12 \
    D1 D2 D3 D4 D5 D6 D7 E1 E2 E3 E4 E5 E6 E7 E8 E9 E10 E11 E12 E13 F \
    T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11 T12 \
    alias any config filter for-value func judged map quoted-key split spread";

/// Every fixture with the name of its file, sorted by it.
fn fixtures() -> Vec<(String, Fixture)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut fixtures = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder of fixtures") {
        let path = entry.expect("an entry of the folder").path();
        if path
            .extension()
            .is_some_and(|extension| extension == "bicep")
        {
            let name = path.file_name().expect("a name").to_string_lossy();
            let text = fs::read_to_string(&path).expect("a fixture in UTF-8");
            fixtures.push((name.to_string(), Fixture::parse(&name, &text)));
        }
    }
    fixtures.sort_by(|a, b| a.0.cmp(&b.0));
    fixtures
}

#[test]
fn fixtures_are_judged_as_they_say() {
    let mut text = String::new();
    let mut wrong = 0;
    let fixtures = fixtures();
    for (name, fixture) in &fixtures {
        let differences = differences(RULE, name, fixture);
        wrong += usize::from(!differences.is_empty());
        text.push_str(&differences);
    }
    assert!(
        wrong == 0,
        "{wrong} of {} fixtures differ\n\n{text}",
        fixtures.len()
    );
}

#[test]
fn every_row_has_a_fixture() {
    let fixtures = fixtures();
    let has = |row: &str| {
        fixtures
            .iter()
            .any(|(_, fixture)| fixture.rows.iter().any(|r| r == row))
    };
    let missing: Vec<&str> = ROWS.split_whitespace().filter(|row| !has(row)).collect();
    assert!(missing.is_empty(), "rows without a fixture: {missing:?}");
    for (name, fixture) in &fixtures {
        assert!(
            !fixture.rows.is_empty(),
            "{name} names no row in its first line"
        );
        for row in &fixture.rows {
            let known = ROWS.split_whitespace().any(|known| known == row);
            assert!(known, "{name} names the row {row}, which does not exist");
        }
    }
}

#[test]
fn a_check_tells_the_same_twice() {
    for (name, fixture) in fixtures() {
        let told = |report: &Report| -> Vec<String> {
            let found = found(RULE, report);
            found
                .iter()
                .map(|f| format!("{} {:?} {}", f.file, f.mark.span, f.mark))
                .collect()
        };
        assert_eq!(
            told(&run(RULE, &fixture)),
            told(&run(RULE, &fixture)),
            "{name}"
        );
    }
}

#[test]
fn a_large_file_is_judged_to_its_end() {
    let mut text = String::from("param ranges array = []\n");
    while text.len() < 112 * 1024 {
        let number = text.len();
        let _ = writeln!(
            text,
            "resource s{number} 'Microsoft.Storage/storageAccounts@2023-05-01' = {{\n  \
             name: 's{number}'\n  location: 'westeurope'\n  sku: {{ name: 'Standard_LRS' }}\n  \
             kind: 'StorageV2'\n}}\n"
        );
    }
    text.push_str(
        "resource aks 'Microsoft.ContainerService/managedClusters@2024-05-01' = {\n  name: 'aks'\n  \
         location: 'westeurope'\n  properties: {\n    apiServerAccessProfile: {\n      \
         authorizedIPRanges: ranges\n      //                  ^^^^^^ fail(empty)\n    }\n  }\n}\n",
    );
    let text = format!("// row: F\n{text}");
    let differences = differences(RULE, "large.bicep", &Fixture::parse("large.bicep", &text));
    assert!(differences.is_empty(), "{differences}");
}

#[test]
fn marks_point_at_the_characters_above_them() {
    let text = "// row: A1\n// problems: some\n//- a/b.bicep\nvar é = '😀' + x\n\
                //      ^^^ fail(empty): words\n//      trail: step\n//- c.bicep\nvar a = [\n\
                //      ^... BCP018\n  1\n  ]\n//^ end\n";
    let fixture = Fixture::parse("x.bicep", text);
    assert_eq!(fixture.rows, ["A1"]);
    assert_eq!(fixture.problems, Problems::Some);
    assert_eq!(fixture.given, ["a/b.bicep", "c.bicep"]);
    let [first, second] = &fixture.files[..] else {
        panic!("two files");
    };
    assert_eq!(&first.text[first.marks[0].span.clone()], "'😀'");
    assert_eq!(first.marks[0].verdict, "fail(empty)");
    assert_eq!(first.marks[0].message, "words");
    assert_eq!(first.marks[0].trail, ["step"]);
    let covered = &second.text[second.marks[0].span.clone()];
    assert!(
        covered.starts_with("[\n") && covered.ends_with("1\n  ]"),
        "{covered}"
    );
}
