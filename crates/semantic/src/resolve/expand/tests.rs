//! Small deployments and what they expand to.

use std::fmt::Write as _;
use std::sync::Arc;

use tricep_syntax::bicep::{Dialect, parse};
use tricep_syntax::text::FileId;

use super::*;
use crate::IndexVec;
use crate::eval::Piece;
use crate::lower::lower;
use crate::project::{Target, Unit};
use crate::resolve::Item;
use crate::template::Purpose;

/// A project of templates called `main`, `a`, `b`, …; a module `'a'` is the file of that name.
fn project(texts: &[(&str, &str)]) -> Project {
    let units = texts.iter().map(|(_, text)| {
        let text: Arc<str> = (*text).into();
        let template = lower(&parse(Arc::clone(&text), Dialect::Bicep));
        let mut targets = IndexVec::default();
        for reference in template.references.iter() {
            assert_eq!(reference.purpose, Purpose::Module);
            let path = reference.path.as_deref();
            let file = texts.iter().position(|(name, _)| Some(*name) == path);
            targets.push(match file {
                Some(file) => Target::File(FileId(file as u32)),
                None => Target::Unavailable("it is not here".into()),
            });
        }
        Unit {
            text,
            template,
            targets,
            origin: crate::project::Origin::Own,
        }
    });
    Project::new(units.collect())
}

/// The expansion of `main`, which loads or calls the ARM template `t.json`.
fn expanded_with_template(main: &str, template: &str) -> Expanded {
    let text: Arc<str> = main.into();
    let lowered = lower(&parse(Arc::clone(&text), Dialect::Bicep));
    let mut targets = IndexVec::default();
    for reference in lowered.references.iter() {
        targets.push(match reference.purpose {
            Purpose::Module => Target::File(FileId(1)),
            _ => Target::Data(template.as_bytes().into()),
        });
    }
    let json: Arc<str> = template.into();
    let mut arm = crate::lower::arm::lower(&tricep_syntax::json::parse(Arc::clone(&json)));
    let mut units = vec![
        Unit {
            text,
            template: lowered,
            targets,
            origin: crate::project::Origin::Own,
        },
        Unit {
            text: Arc::clone(&json),
            targets: IndexVec::default(),
            template: arm.template,
            origin: crate::project::Origin::Own,
        },
    ];
    for (number, nested) in arm.nested.drain(..).enumerate() {
        units[1]
            .targets
            .push(Target::File(FileId(2 + number as u32)));
        units.push(Unit {
            text: Arc::clone(&json),
            template: nested.lowered.template,
            targets: IndexVec::default(),
            origin: crate::project::Origin::Own,
        });
    }
    let mut budget = Budget::default();
    expand(
        &Project::new(units),
        FileId(0),
        &Assumptions::default(),
        &told(),
        &mut budget,
    )
}

/// An ARM template that is given a name.
const TEMPLATE: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": { "name": { "type": "string" } },
  "resources": [{
    "type": "A.B/c", "apiVersion": "2024-01-01",
    "name": "[parameters('name')]", "properties": { "text": "[[x]" }
  }]
}"#;

fn told() -> Metadata {
    let some = |text: &str| Some(text.to_owned());
    Metadata {
        tenant: some("T"),
        management_group: some("M"),
        subscription: some("S"),
        resource_group: some("G"),
        location: some("here"),
        deployment: some("main"),
        ..Metadata::default()
    }
}

fn expanded_with(texts: &[(&str, &str)], metadata: &Metadata) -> Expanded {
    let assumptions = Assumptions::default();
    let mut budget = Budget::default();
    expand(
        &project(texts),
        FileId(0),
        &assumptions,
        metadata,
        &mut budget,
    )
}

fn expanded(texts: &[(&str, &str)]) -> Expanded {
    expanded_with(texts, &told())
}

/// The expansion of one template.
fn one(text: &str) -> Expanded {
    expanded(&[("main", text)])
}

/// Data in a few characters; `?` is unknown.
fn show(data: &Data) -> String {
    match data {
        Data::Null => "null".to_owned(),
        Data::Bool(value) => value.to_string(),
        Data::Int(value) => value.to_string(),
        Data::Float(value) => value.to_string(),
        Data::Text(text) => text.to_string(),
        Data::Partial(pieces) => pieces
            .iter()
            .map(|piece| match piece {
                Piece::Known(text) => &**text,
                Piece::Unknown(_) => "?",
            })
            .collect(),
        Data::List(items) => {
            let items = items.iter().map(|item| match item {
                Item::One(data) => show(data),
                Item::Rest { .. } => "...".to_owned(),
            });
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        Data::Object { entries, rest } => {
            let mut out = String::from("{");
            for (key, value) in entries {
                let _ = write!(out, "{key}: {} ", show(value));
            }
            out + if rest.is_some() { "...}" } else { "}" }
        }
        Data::Unknown(_) => "?".to_owned(),
        Data::Secret(_) => "secret".to_owned(),
    }
}

fn ids(expanded: &Expanded) -> Vec<String> {
    let resources = expanded.resources.iter();
    resources.map(|resource| show(&resource.id)).collect()
}

fn symbols(expanded: &Expanded) -> Vec<&str> {
    let resources = expanded.resources.iter();
    resources.map(|resource| &*resource.symbol).collect()
}

/// A member of `properties` of the resource with that symbol.
fn property(expanded: &Expanded, symbol: &str, name: &str) -> String {
    let resource = expanded
        .resources
        .iter()
        .find(|resource| &*resource.symbol == symbol)
        .expect("the resource is there");
    let properties = resource.body.get("properties");
    let value = properties.and_then(|properties| properties.get(name));
    value.map_or("absent".to_owned(), show)
}

#[test]
fn a_child_has_the_names_of_its_parents() {
    let ids = ids(&one("
        resource outer 'A.B/c@2024-01-01' = {
          name: 'o'
          resource inner 'd' = { name: 'i' }
        }
        resource leaf 'A.B/c/d/e@2024-01-01' = { parent: outer::inner, name: 'l' }
        resource flat 'A.B/c/d@2024-01-01' = { name: 'o/f' }
    "));
    let group = "/subscriptions/S/resourceGroups/G/providers/A.B/c/o";
    assert_eq!(
        ids,
        [
            group.to_owned(),
            format!("{group}/d/i"),
            format!("{group}/d/i/e/l"),
            format!("{group}/d/f"),
        ]
    );
}

#[test]
fn the_scope_of_a_module_is_that_of_its_resources() {
    let inner = "resource r 'A.B/c@2024-01-01' = {
      name: 'r'
      properties: { group: resourceGroup().name, sub: subscription().subscriptionId, own: r2.id }
    }
    resource r2 'A.B/c@2024-01-01' existing = { name: 'x' }";
    let main = "targetScope = 'subscription'
    resource g 'Microsoft.Resources/resourceGroups@2024-01-01' = { name: 'g', location: 'there' }
    module one 'a' = { scope: g }
    module two 'a' = { scope: resourceGroup('h') }
    module three 'a' = { scope: resourceGroup('00000000-0000-0000-0000-000000000001', 'i') }";
    let expanded = expanded(&[("main", main), ("a", inner)]);
    assert_eq!(
        ids(&expanded),
        [
            "/subscriptions/S/resourceGroups/g",
            "/subscriptions/S/resourceGroups/g/providers/A.B/c/r",
            "/subscriptions/S/resourceGroups/h/providers/A.B/c/r",
            "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/i/providers/A.B/c/r",
        ]
    );
    assert_eq!(property(&expanded, "r", "group"), "g");
    assert_eq!(property(&expanded, "r", "sub"), "S");
    assert_eq!(
        property(&expanded, "r", "own"),
        "/subscriptions/S/resourceGroups/g/providers/A.B/c/x"
    );
}

#[test]
fn extensions_tenant_and_management_groups_have_ids_of_their_own_form() {
    let main = "targetScope = 'managementGroup'
    resource p 'A.B/p@2024-01-01' = { name: 'p' }
    resource l 'A.B/l@2024-01-01' = { name: 'l', scope: p }
    resource t 'A.B/t@2024-01-01' = { name: 't', scope: tenant() }";
    assert_eq!(
        ids(&one(main)),
        [
            "/providers/Microsoft.Management/managementGroups/M/providers/A.B/p/p",
            "/providers/Microsoft.Management/managementGroups/M/providers/A.B/p/p/providers/A.B/l/l",
            "/providers/A.B/t/t",
        ]
    );
}

#[test]
fn without_metadata_the_ends_of_ids_are_known() {
    let main = [("main", "resource r 'A.B/c@2024-01-01' = { name: 'r' }")];
    let expanded = expanded_with(&main, &Metadata::NONE);
    assert_eq!(
        ids(&expanded),
        ["/subscriptions/?/resourceGroups/?/providers/A.B/c/r"]
    );
}

#[test]
fn a_read_of_another_resource_is_answered_by_its_template() {
    let expanded = one("
        resource a 'A.B/c@2024-01-01' = {
          name: 'a'
          properties: { set: [1, 2], nothing: null, deep: { x: 1 } }
        }
        resource b 'A.B/c@2024-01-01' = if (resourceGroup().tags.on) {
          name: 'b'
          properties: { set: 1 }
        }
        resource same 'A.B/c@2024-01-01' existing = { name: 'a' }
        resource other 'A.B/c@2023-01-01' existing = { name: 'a' }
        resource reader 'A.B/c@2024-01-01' = {
          name: 'reader'
          properties: {
            set: length(a.properties.set)
            unset: a.properties.unset
            safe: a.properties.?unset ?? 'no'
            nothing: a.properties.nothing
            deep: a.properties.deep
            perhaps: b.properties.set
            existing: same.properties.set
            version: other.properties.set
            place: a.location
          }
        }
    ");
    for (name, value) in [
        ("set", "2"),
        ("unset", "?"),
        ("safe", "?"),
        ("nothing", "?"),
        ("deep", "{x: 1 ...}"),
        ("perhaps", "?"),
        ("existing", "[1, 2]"),
        ("version", "?"),
        ("place", "?"),
    ] {
        assert_eq!(property(&expanded, "reader", name), value, "{name}");
    }
}

#[test]
fn resources_that_read_each_other_leave_the_value_open() {
    let expanded = one("
        resource a 'A.B/c@2024-01-01' = { name: 'a', properties: { x: b.properties.x } }
        resource b 'A.B/c@2024-01-01' = { name: 'b', properties: { x: a.properties.x } }
    ");
    assert_eq!(property(&expanded, "a", "x"), "?");
    assert_eq!(property(&expanded, "b", "x"), "?");
}

#[test]
fn nested_resources_share_condition_and_loop() {
    let expanded = one("
        resource off 'A.B/c@2024-01-01' = if (false) {
          name: 'off'
          resource child 'd' = { name: 'x' }
        }
        resource many 'A.B/c@2024-01-01' = [for n in range(0, 2): {
          name: 'm${n}'
          resource child 'd' = { name: 'x${n}' }
        }]
    ");
    let mut names: Vec<String> = expanded.resources.iter().map(|r| show(&r.name)).collect();
    names.sort();
    assert_eq!(names, ["m0", "m0/x0", "m1", "m1/x1"]);
}

#[test]
fn what_is_read_or_depended_on_comes_first() {
    let expanded = one("
        resource z 'A.B/c@2024-01-01' = { name: 'z', properties: { x: c.properties.q } dependsOn: [b, a] }
        resource a 'A.B/c@2024-01-01' = { name: 'a' }
        resource b 'A.B/c@2024-01-01' = { name: 'b' }
        resource c 'A.B/c@2024-01-01' = { name: 'c' }
    ");
    assert_eq!(symbols(&expanded), ["c", "a", "b", "z"]);
}

#[test]
fn a_loop_over_what_is_not_known_is_one_resource() {
    let expanded = one("
        param names array
        resource r 'A.B/c@2024-01-01' = [for name in names: { name: name }]
    ");
    assert_eq!(symbols(&expanded), ["r"]);
    assert!(expanded.resources[0].many);
    assert!(expanded.resources[0].condition.is_none());
}

#[test]
fn open_conditions_of_modules_are_those_of_their_resources() {
    let main = "module m 'a' = if (resourceGroup().tags.on) { }\nmodule n 'a' = { }";
    let inner = "resource r 'A.B/c@2024-01-01' = { name: 'r' }";
    let expanded = expanded(&[("main", main), ("a", inner)]);
    let open: Vec<bool> = expanded
        .resources
        .iter()
        .map(|resource| resource.condition.is_some())
        .collect();
    assert_eq!(open, [true, false]);
    assert_eq!(*expanded.resources[0].calls[0].symbol, *"m");
}

#[test]
fn what_cannot_be_expanded_is_a_problem() {
    let main = "param template object
    module gone 'absent' = { }
    module circle 'a' = { }
    resource r 'A.B/c@2024-01-01' = [for x in 1: { name: 'r' }]
    resource d 'Microsoft.Resources/deployments@2024-01-01' = {
      name: 'd'
      properties: { template: template }
    }";
    let inner = "module back 'main' = { }";
    let expanded = expanded(&[("main", main), ("a", inner)]);
    let what: Vec<&str> = expanded
        .problems
        .iter()
        .map(|problem| problem.what.as_str())
        .collect();
    assert_eq!(
        what,
        [
            "the loop of resource `r`",
            "what `d` deploys",
            "what module `gone` deploys",
            "what module `back` deploys",
        ]
    );
    assert!(expanded.resources.is_empty());
}

#[test]
fn what_fails_beside_the_value_that_is_asked_for_is_a_problem() {
    let expanded = one("
        param zero int = 0
        resource r 'A.B/c@2024-01-01' = { name: 'r', properties: { a: { x: 1 / zero, y: 2 }.y } }
        resource gone 'A.B/c@2024-01-01' = if (false) { name: 'g', properties: { a: { x: 1 / zero, y: 2 }.y } }
        resource lazy 'A.B/c@2024-01-01' = { name: 'l', properties: { a: true ? 1 : 1 / zero } }
    ");
    let what: Vec<&str> = expanded.problems.iter().map(|p| p.what.as_str()).collect();
    assert_eq!(what, ["resource `r`"]);
}

#[test]
fn a_limit_that_is_reached_is_a_problem() {
    let main = "module m 'a' = [for n in range(0, 800): { name: 'm${n}' }]";
    let inner = "resource r 'A.B/c@2024-01-01' = [for n in range(0, 800): { name: 'r${n}' }]";
    let expanded = expanded(&[("main", main), ("a", inner)]);
    assert_eq!(expanded.resources.len(), MAX_RESOURCES);
    assert_eq!(expanded.problems.len(), 1);
    assert!(matches!(expanded.problems[0].why, Why::Budget(_)));
}

#[test]
fn values_that_share_their_parts_end_at_a_limit() {
    let expanded = one("
        var all = reduce(range(0, 40), ['x'], (a, n) => [a, a])
        resource r 'A.B/c@2024-01-01' = { name: 'r', properties: { all: all, after: 1 } }
    ");
    assert_eq!(expanded.resources.len(), 1);
    assert_eq!(property(&expanded, "r", "after"), "?");
}

#[test]
fn secrets_are_marked_and_outputs_are_evaluated() {
    let expanded = one("
        @secure()
        param password string = 'p'
        resource r 'A.B/c@2024-01-01' = { name: 'r', properties: { a: 'x-${password}', b: 1 } }
        output id string = r.id
        @secure()
        output s string = 'open'
    ");
    assert_eq!(property(&expanded, "r", "a"), "secret");
    assert_eq!(property(&expanded, "r", "b"), "1");
    let outputs: Vec<String> = expanded.outputs.iter().map(|o| show(&o.value)).collect();
    assert_eq!(
        outputs,
        [
            "/subscriptions/S/resourceGroups/G/providers/A.B/c/r",
            "secret"
        ]
    );
}

#[test]
fn a_module_without_a_name_is_named_by_the_compiler() {
    let main = "module m 'a' = { }\nmodule many 'a' = [for n in range(0, 1): { }]";
    let inner = "resource r 'A.B/c@2024-01-01' = { name: deployment().name }";
    let expanded = expanded(&[("main", main), ("a", inner)]);
    let names: Vec<String> = expanded.resources.iter().map(|r| show(&r.name)).collect();
    assert!(
        names[0].starts_with("m-") && names[0].len() == 15,
        "{names:?}"
    );
    assert!(names[1].starts_with("many-0-"), "{names:?}");
}

#[test]
fn a_deployment_of_a_template_file_is_a_module() {
    let main = "resource d 'Microsoft.Resources/deployments@2024-01-01' = if (true) {
      name: 'd'
      resourceGroup: 'other'
      properties: {
        mode: 'Incremental'
        template: loadJsonContent('t.json')
        parameters: { name: { value: 'n' } }
      }
    }";
    let expanded = expanded_with_template(main, TEMPLATE);
    assert_eq!(
        ids(&expanded),
        ["/subscriptions/S/resourceGroups/other/providers/A.B/c/n"]
    );
    let properties = expanded.resources[0].body.get("properties");
    assert_eq!(properties.map(show).as_deref(), Some("{text: [x] }"));
    assert!(expanded.problems.is_empty());
}

#[test]
fn a_deployment_whose_arguments_are_computed_stays_a_problem() {
    let main = "param all object
    resource d 'Microsoft.Resources/deployments@2024-01-01' = {
      name: 'd'
      properties: { template: loadJsonContent('t.json'), parameters: all }
    }";
    let expanded = expanded_with_template(main, TEMPLATE);
    assert!(expanded.resources.is_empty());
    assert_eq!(expanded.problems[0].what, "what `d` deploys");
}

#[test]
fn a_template_that_was_loaded_into_a_variable_is_expanded() {
    let escaped = TEMPLATE
        .replace("\"[[x]\"", "\"[[[x]\"")
        .replace("\"[parameters", "\"[[parameters");
    let outer = format!(
        r#"{{
      "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
      "contentVersion": "1.0.0.0",
      "variables": {{ "$fxv#0": {escaped} }},
      "resources": [{{
        "type": "Microsoft.Resources/deployments", "apiVersion": "2024-01-01", "name": "d",
        "properties": {{
          "mode": "Incremental", "template": "[variables('$fxv#0')]",
          "parameters": {{ "name": {{ "value": "n" }} }}
        }}
      }}]
    }}"#
    );
    let expanded = expanded_with_template("module m 't.json' = { }", &outer);
    assert_eq!(
        ids(&expanded),
        ["/subscriptions/S/resourceGroups/G/providers/A.B/c/n"]
    );
    let properties = expanded.resources[0].body.get("properties");
    assert_eq!(properties.map(show).as_deref(), Some("{text: [x] }"));
}

#[test]
fn a_value_that_holds_itself_ends_there() {
    let expanded = one("
        param list array = [1, { all: concat(list, list) }]
        resource r 'A.B/c@2024-01-01' = { name: 'r', properties: { list: list } }
    ");
    assert_eq!(
        property(&expanded, "r", "list"),
        "[1, {all: [1, ?, 1, ?] }]"
    );
}

#[test]
fn what_is_too_large_ends_with_a_stretch_that_says_so() {
    let expanded = one(
        "var a = [for i in range(0, 100): i]\nvar b = [for i in range(0, 100): a]\n\
         var c = [for i in range(0, 100): b]\noutput o array = c\n\
         resource r 'A.B/c@2024-01-01' = { name: 'r' }\noutput p array = c",
    );
    let Data::List(items) = &expanded.outputs[0].value else {
        panic!("{:?}", expanded.outputs[0].value);
    };
    // 10,101 nodes each.
    assert_eq!(items.len(), 51);
    let Some(Item::Rest { min, max, unknown }) = items.last() else {
        panic!("the last is no stretch");
    };
    assert_eq!((*min, *max), (50, Some(50)));
    assert!(matches!(unknown.why, Why::Budget(_)));
    assert!(
        matches!(&expanded.outputs[1].value, Data::Unknown(unknown) if matches!(unknown.why, Why::Budget(_)))
    );
}
