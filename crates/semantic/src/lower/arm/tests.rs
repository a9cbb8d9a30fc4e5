//! What templates become, and what their deployments come to.

use tricep_syntax::json::parse;
use tricep_syntax::text::FileId;

use super::{Lowered, lower};
use crate::eval::{Assumptions, Budget, Metadata};
use crate::index::IndexVec;
use crate::project::{Project, Target, Unit};
use crate::resolve::{Data, Expanded, Item, expand};
use crate::template::{ExprKind, Template};

const SCHEMA: &str =
    "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";

/// A template with further members.
fn template(members: &str) -> String {
    format!(r#"{{"$schema":"{SCHEMA}","contentVersion":"1.0.0.0",{members}}}"#)
}

/// A template whose only output is `value`, behind other members.
fn with_output(members: &str, value: &str) -> String {
    template(&format!(
        r#"{members}"resources":[],"outputs":{{"o":{{"type":"object","value":{{"v":{value}}}}}}}"#
    ))
}

fn lowered(text: &str) -> Lowered {
    let json = parse(text);
    assert_eq!(json.errors(), [], "{text}");
    lower(&json)
}

/// Adds a template and those written into it to a project.
fn add(project: &mut Project, text: &str, lowered: Lowered) -> FileId {
    let file = FileId(project.units.len() as u32);
    project.units.push(Unit {
        text: text.into(),
        template: lowered.template,
        targets: IndexVec::default(),
        origin: crate::project::Origin::Own,
    });
    let mut inner: Vec<_> = lowered
        .nested
        .into_iter()
        .map(|nested| (nested.reference, add(project, text, nested.lowered)))
        .collect();
    let unit = &mut project.units[file.0 as usize];
    for (id, _) in unit.template.references.iter_enumerated() {
        let found = inner.iter().position(|(reference, _)| *reference == id);
        unit.targets.push(match found {
            Some(place) => Target::File(inner.swap_remove(place).1),
            None => Target::Unavailable("it is not here".into()),
        });
    }
    file
}

fn expanded(text: &str) -> Expanded {
    let mut project = Project::default();
    let file = add(&mut project, text, lowered(text));
    let assumptions = Assumptions::default();
    expand(
        &project,
        file,
        &assumptions,
        &Metadata::default(),
        &mut Budget::default(),
    )
}

/// A value as JSON, `?` for what is not known and `!` for what fails.
fn shown(data: &Data) -> String {
    match data {
        Data::Null => "null".to_owned(),
        Data::Bool(value) => value.to_string(),
        Data::Int(value) => value.to_string(),
        Data::Float(value) => format!("{value:?}"),
        Data::Text(text) => format!("{text:?}"),
        Data::List(items) => {
            let items = items.iter().map(|item| match item {
                Item::One(item) => shown(item),
                Item::Rest { .. } => "...".to_owned(),
            });
            format!("[{}]", items.collect::<Vec<_>>().join(","))
        }
        Data::Object { entries, .. } => {
            let entries = entries.iter();
            let entries = entries.map(|(key, value)| format!("{key:?}:{}", shown(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
        Data::Secret(_) => "secret".to_owned(),
        Data::Unknown(unknown) if unknown.why.stops() => "!".to_owned(),
        Data::Partial(_) | Data::Unknown(_) => "?".to_owned(),
    }
}

/// The value of an output that is written `value`.
fn value_of(members: &str, value: &str) -> String {
    let expanded = expanded(&with_output(members, value));
    let output = &expanded.outputs[0].value;
    output.get("v").map_or_else(|| shown(output), shown)
}

fn problems(text: &str) -> Vec<String> {
    let problems = lowered(text).problems;
    problems
        .into_iter()
        .map(|problem| problem.message)
        .collect()
}

#[test]
fn functions_that_are_operators_in_bicep_become_operators() {
    for (expression, wanted) in [
        ("[add(sub(mul(2,3),1),div(7,2))]", "8"),
        (
            "[IF(Not(equals('a','A')),coalesce(null(),mod(7,4)),1)]",
            "3",
        ),
        (
            "[and(true(),or(false(),less(1,2)),greaterOrEquals(2,2))]",
            "true",
        ),
        ("[createObject('a',createArray(1,'x')).A[1]]", "\"x\""),
        ("[tryGet(createObject('a',1),'b')]", "null"),
        ("[tryIndexFromEnd(createArray(1,2),1)]", "2"),
        (
            "[map(createArray(1,2),lambda('X','i',add(lambdaVariables('x'),lambdaVariables('I'))))]",
            "[1,3]",
        ),
        ("[if(true(),1,nofunc())]", "1"), // x223
        ("[nofunc()]", "!"),
        ("[if(true(),1)]", "!"), // x226
        ("[true('x')]", "!"),    // x110
        ("[lambda('x',1)]", "!"),
        ("[any(1)]", "!"), // a function of Bicep only
        ("[[x]", "\"[x]\""),
    ] {
        assert_eq!(
            value_of("", &format!("{expression:?}")),
            wanted,
            "{expression}"
        );
    }
}

#[test]
fn parameters_variables_and_functions_have_names_without_letter_case() {
    let members = r#"
        "parameters": { "Size": { "type": "int", "defaultValue": "[variables('base')]" } },
        "variables": { "base": 3, "copy": [{ "name": "l", "count": 2, "input": "[copyIndex('L',1)]" }] },
        "functions": [{ "namespace": "ct", "members": { "twice": {
            "parameters": [{ "name": "N", "type": "int" }],
            "output": { "type": "int", "value": "[mul(parameters('n'),2)]" } } } }],"#;
    for (expression, wanted) in [
        ("[PARAMETERS('size')]", "3"),
        ("[CT.Twice(parameters(concat('si','ze')))]", "6"), // x117
        ("[variables('L')]", "[1,2]"),                      // var-08
        ("[parameters('none')]", "!"),
        ("[ct.none()]", "!"),
    ] {
        assert_eq!(
            value_of(members, &format!("{expression:?}")),
            wanted,
            "{expression}"
        );
    }
}

#[test]
fn copies_make_lists_where_they_stand() {
    let object =
        r#"{ "a": 1, "copy": [{ "name": "l", "count": 2, "input": "[copyIndex('l')]" }], "z": 2 }"#;
    assert_eq!(value_of("", object), r#"{"a":1,"l":[0,1],"z":2}"#); // propcopy-04
    assert_eq!(value_of("", r#"{ "copy": [1] }"#), r#"{"copy":[1]}"#); // faulty-40
    let twice = r#"{ "l": 1, "copy": [{ "name": "L", "count": 1, "input": 1 }] }"#;
    assert_eq!(value_of("", twice), "!"); // propcopy-09
    let nested = r#"{ "copy": [{ "name": "l", "count": 1, "input": { "copy": [{ "name": "m", "count": 1, "input": 1 }] } }] }"#;
    assert_eq!(value_of("", nested), "!"); // propcopy-05
    let many = r#"{ "copy": [{ "name": "l", "count": 801, "input": 1 }] }"#;
    assert_eq!(value_of("", many), "!"); // limit-06
    let none = r#"{ "copy": [{ "name": "l", "count": 0, "input": "[div(1,0)]" }] }"#;
    assert_eq!(value_of("", none), r#"{"l":[]}"#); // lazy-09
}

#[test]
fn numbers_keep_their_kind() {
    assert_eq!(value_of("", "[1, 1.0, 0x10, -2.5]"), "[1,1.0,16,-2.5]"); // var-22
}

#[test]
fn what_runs_while_deploying_is_refused_where_the_engine_refuses_it() {
    let members = r#""variables": { "v": "[reference('x').y]" },"#;
    assert_eq!(value_of(members, r#""[variables('v')]""#), "!"); // var-23
    assert_eq!(value_of("", r#""[utcNow()]""#), "!");
    assert_eq!(value_of("", r#""[reference('x').y]""#), "?");
    assert_eq!(value_of("", r#""[listAnything('x')]""#), "?");
}

const CHILDREN: &str = r#""resources": [{
    "type": "A.B/c", "apiVersion": "2020-01-01", "name": "[concat('n',copyIndex())]",
    "copy": { "name": "l", "count": 2 },
    "resources": [{ "type": "d", "apiVersion": "2020-01-01", "name": "[concat('m',copyIndex('L'))]" }] }]"#;

#[test]
fn children_share_the_loop_of_their_parent() {
    let expanded = expanded(&template(CHILDREN));
    let mut names: Vec<_> = expanded
        .resources
        .iter()
        .map(|resource| {
            let r#type = resource.r#type.as_ref().unwrap().as_str();
            format!("{type} {}", shown(&resource.name))
        })
        .collect();
    names.sort();
    let wanted = [
        "A.B/c \"n0\"",
        "A.B/c \"n1\"",
        "A.B/c/d \"n0/m0\"",
        "A.B/c/d \"n1/m1\"",
    ];
    assert_eq!(names, wanted);
}

/// Two deployments of a template that says what its expressions are, and a reader of one.
fn nested(options: &str, value: &str) -> String {
    template(&format!(
        r#""parameters": {{ "p": {{ "type": "string", "defaultValue": "outside" }} }},
        "resources": [{{
            "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01",
            "name": "[concat('n',copyIndex())]", "copy": {{ "name": "l", "count": 2 }},
            "properties": {{ "mode": "Incremental", {options}
                "parameters": {{ "p": {{ "value": "[concat('given',copyIndex())]" }} }},
                "template": {{ "$schema": "{SCHEMA}", "contentVersion": "1.0.0.0", "resources": [],
                    "parameters": {{ "p": {{ "type": "string" }} }},
                    "outputs": {{ "o": {{ "type": "string", "value": {value:?} }} }} }} }} }}],
        "outputs": {{ "o": {{ "type": "string", "value": "[reference(concat('n',1)).Outputs['O'].value]" }} }}"#
    ))
}

#[test]
fn who_evaluates_a_nested_template_depends_on_its_scope() {
    let inner = r#""expressionEvaluationOptions": { "scope": "inner" },"#;
    let output = |text: &str| shown(&expanded(text).outputs[0].value);
    assert_eq!(output(&nested(inner, "[parameters('p')]")), "\"given1\""); // nested-17
    assert_eq!(output(&nested("", "[parameters('p')]")), "\"outside\""); // nested-01
    assert_eq!(output(&nested("", "[string(copyIndex())]")), "\"1\""); // nested-26
    assert_eq!(output(&nested(inner, "[string(copyIndex())]")), "!");
    assert_eq!(output(&nested("", "[[concat('a','b')]")), "\"ab\""); // embed-15
}

#[test]
fn references_to_the_same_template_become_symbols() {
    let text = template(
        r#""languageVersion": "2.0", "resources": {
            "k": { "type": "A.B/c", "apiVersion": "2020-01-01", "name": "x", "properties": { "a": [1] } },
            "l": { "type": "A.B/c", "apiVersion": "2020-01-01", "name": "y", "dependsOn": ["k"],
                   "properties": { "a": "[reference('k').a]", "b": "[reference('k').none]",
                                   "c": "[reference(resourceId('A.B/c','x'),'2020-01-01').a]",
                                   "d": "[reference('k','2019-01-01').a]" } } }"#,
    );
    let expanded = expanded(&text);
    let body = &expanded.resources[1].body;
    // preflight-02, preflight-04, preflight-10
    assert_eq!(
        shown(body.get("properties").unwrap()),
        r#"{"a":[1],"b":?,"c":[1],"d":?}"#
    );
    let template: Template = lowered(&text).template;
    let symbols = template.exprs.iter();
    let symbols = symbols.filter(|expr| matches!(expr.kind, ExprKind::Symbol(_)));
    assert_eq!(symbols.count(), 4, "three reads and a dependency");
}

#[test]
fn what_the_engine_refuses_is_said() {
    assert_eq!(problems(&template(r#""resources": []"#)), [""; 0]);
    for members in [
        r#""resources": [], "other": 1"#,               // faulty-93
        r#""languageVersion": "1.0", "resources": []"#, // symbolic-12
        r#""parameters": [], "resources": []"#,         // faulty-95
        r#""resources": [{ "apiVersion": "2020-01-01", "name": "x" }]"#, // faulty-52
        r#""resources": [{ "type": "A.B/c", "name": "x" }]"#, // faulty-54
        r#""variables": { "n": null }, "resources": []"#, // var-20
        r#""outputs": { "o": { "type": "string" } }, "resources": []"#, // faulty-64
        r#""parameters": { "p": { "type": "int", "nullable": true } }, "resources": []"#, // faulty-30
        r##""languageVersion": "2.0", "parameters": { "p": { "$ref": "#/definitions/x" } }, "resources": {}"##, // faulty-28
        r#""resources": [{ "type": "A.B/c", "apiVersion": "1", "name": "[concat(]" }]"#,
    ] {
        assert_eq!(problems(&template(members)).len(), 1, "{members}");
    }
}

#[test]
fn spans_lead_into_the_file() {
    let text = with_output("", r#""[concat('\u0061', parameters('none'))]""#);
    let template = lowered(&text).template;
    let failing = template
        .exprs
        .iter()
        .find(|expr| matches!(expr.kind, ExprKind::Fails(_)));
    let span = failing.expect("a parameter that is not there").span;
    assert_eq!(&text[span.range()], "parameters('none')");
}

/// A deployment with a plain and a secure output, and a reader.
fn read_module(value: &str) -> String {
    let text = template(&format!(
        r#""languageVersion": "2.0", "resources": {{ "m": {{
            "type": "Microsoft.Resources/deployments", "apiVersion": "2025-04-01", "name": "m",
            "properties": {{ "mode": "Incremental",
                "expressionEvaluationOptions": {{ "scope": "inner" }},
                "template": {{ "$schema": "{SCHEMA}", "contentVersion": "1.0.0.0", "resources": [],
                    "outputs": {{
                        "plain": {{ "type": "string", "value": "p" }},
                        "key": {{ "type": "securestring", "value": "k" }} }} }} }} }} }},
        "outputs": {{ "o": {{ "type": "string", "value": {value:?} }} }}"#
    ));
    shown(&expanded(&text).outputs[0].value)
}

#[test]
fn an_output_of_a_deployment_is_read_by_try_get_and_by_list_outputs() {
    let tried = "[tryGet(reference('m'), 'outputs', 'plain', 'value')]";
    assert_eq!(read_module(tried), "\"p\"");
    let nested = "[tryGet(tryGet(tryGet(reference('m'), 'outputs'), 'plain'), 'value')]";
    assert_eq!(read_module(nested), "\"p\"");
    let under = |condition: &str| {
        let read =
            format!("tryGet(if({condition}, reference('m'), null()), 'outputs', 'plain', 'value')");
        read_module(&format!("[coalesce({read}, 'none')]"))
    };
    assert_eq!(under("true()"), "\"p\"");
    assert_eq!(under("false()"), "\"none\"");
    let list = "listOutputsWithSecureValues";
    assert_eq!(
        read_module(&format!("[{list}('m', '2025-04-01').key]")),
        "secret"
    );
    assert_eq!(
        read_module(&format!("[{list}('m', '2025-04-01').plain]")),
        "\"p\""
    );
    assert_eq!(
        read_module(&format!("[{list}('n', '2025-04-01').key]")),
        "secret"
    );
}

#[test]
fn a_template_in_a_variable_is_lowered_once_for_all_its_deployments() {
    let deployment = |name: &str| {
        format!(
            r#"{{ "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "{name}",
                  "properties": {{ "mode": "Incremental", "template": "[variables('t')]" }} }}"#
        )
    };
    let inner =
        template(r#""resources": [{ "type": "A.B/c", "apiVersion": "2024-01-01", "name": "x" }]"#);
    let both = format!("{}, {}", deployment("one"), deployment("two"));
    let text = template(&format!(
        r#""variables": {{ "t": {inner} }}, "resources": [{both}]"#
    ));
    assert_eq!(lowered(&text).nested.len(), 1);
    assert_eq!(expanded(&text).resources.len(), 2);
}
