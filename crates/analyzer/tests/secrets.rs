//! Secrets that the source spells out are shown by no format.

use tricep_analyzer::report::human::{self, HumanOptions};
use tricep_analyzer::report::{self, Report, Show, azure, concise, github, gitlab, html};
use tricep_analyzer::report::{json, jsonl, junit, rdjson, sarif};
use tricep_analyzer::{CheckOptions, Environment, MemoryFileSystem, Metadata, check, resolve};

/// What nobody may see; the é is two bytes, so that masks must mind their width.
const SECRET: &str = "hunté2";

const MODULE: &str = "
@secure()
param ranges array
@secure()
param token string = 'hunté2'
resource aks 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks'
  properties: { apiServerAccessProfile: { authorizedIPRanges: [...ranges, token] } }
}
";

const CALL: &str = "
var tail = 'hunté2'
module m 'm.bicep' = { name: 'm', params: { ranges: ['a-hunté2', tail, 'x-${tail}'], token: 'hunté2' } }
";

const PARAMETERS: &str =
    "using 'm.bicep'\nparam ranges = ['hunté2']\nparam token = toUpper('hunté2')\n";

fn formats(entry: &str) -> Vec<String> {
    let mut files = MemoryFileSystem::default();
    files.insert("m.bicep", MODULE);
    files.insert("call.bicep", CALL);
    files.insert("m.bicepparam", PARAMETERS);
    let options = CheckOptions {
        files: vec![entry.to_owned()],
        ..CheckOptions::default()
    };
    let report = check(&files, &options);
    assert!(!report.findings.is_empty(), "{entry}");
    all_formats(&report)
}

fn all_formats(report: &Report) -> Vec<String> {
    let show = Show {
        pass: true,
        unknown: true,
    };
    let color = false;
    vec![
        human::render(
            report,
            HumanOptions {
                show,
                color,
                elapsed: None,
            },
        ),
        concise::render(report, show),
        json::render(report, show),
        sarif::render(report, show),
        github::render(report, show, ""),
        azure::render(report, show),
        gitlab::render(report, show),
        html::render(report),
        jsonl::render(report, show),
        junit::render(report, show),
        rdjson::render(report, show),
    ]
}

#[test]
fn defaults_arguments_and_values_of_secure_parameters_are_masked() {
    for entry in ["m.bicep", "call.bicep", "m.bicepparam"] {
        for text in formats(entry) {
            let shown = text.to_lowercase();
            assert!(!shown.contains(SECRET), "{entry}:\n{text}");
        }
    }
}

#[test]
fn what_is_not_secret_stays_readable() {
    let [human, ..] = &formats("call.bicep")[..] else {
        panic!("there are formats");
    };
    assert!(
        human.contains("module m 'm.bicep' = { name: 'm'"),
        "{human}"
    );
}

/// A value that goes where names, ids, keys and scopes are made of it.
const MADE_OF_SECRETS: &str = "
@secure()
param token string = 'hunté2'
type login = {
  @secure()
  word: string
}
param user login = { word: 'hunté2' }
resource a 'A.B/c@2024-01-01' = {
  name: 'n-${token}'
  tags: { '${token}': token, other: user.word, list: split(token, 'n') }
}
module m 'named.bicep' = { name: 'm', scope: resourceGroup(token), params: { name: token } }
output id string = a.id
output all object = { '${token}': [user] }
";

const NAMED: &str = "param name string\nresource a 'A.B/c@2024-01-01' = { name: name }";

#[test]
fn nothing_that_is_made_of_a_secret_is_resolved() {
    let mut files = MemoryFileSystem::default();
    files.insert("main.bicep", MADE_OF_SECRETS);
    files.insert("named.bicep", NAMED);
    let environment = Environment::default();
    let resolved = resolve(&files, "main.bicep", &environment, &Metadata::default());
    assert_eq!(resolved.expanded.resources.len(), 2);
    let text = report::resolve::render(&resolved);
    assert!(!text.contains(SECRET), "{text}");
}

#[test]
fn messages_do_not_quote_secrets() {
    let base = "using none\nparam word = 'hunté2'\nparam on = true\n";
    let values = "using 'main.bicep'\nextends 'base.bicepparam'\nparam on = 'hunté2'\n";
    let main = "@secure()\nparam word object\n@secure()\n@allowed(['hunté2'])\nparam on bool
        var same = on == 'hunté2'";
    let mut files = MemoryFileSystem::default();
    files.insert("base.bicepparam", base);
    files.insert("values.bicepparam", values);
    files.insert("main.bicep", main);
    let options = CheckOptions {
        files: ["values.bicepparam", "base.bicepparam", "main.bicep"]
            .map(Into::into)
            .into(),
        ..CheckOptions::default()
    };
    let report = check(&files, &options);
    assert!(report.findings.len() > 2, "{:#?}", report.findings);
    for text in all_formats(&report) {
        assert!(!text.to_lowercase().contains(SECRET), "{text}");
    }
}

#[test]
fn what_azure_calls_sensitive_is_not_resolved() {
    let machine = "resource vm 'Microsoft.Compute/virtualMachines@2023-09-01' = {
        name: 'vm'
        location: 'westeurope'
        properties: { osProfile: { adminUsername: 'me', AdminPassword: 'hunté2' } }
      }";
    // A version that nobody knows yet.
    let newer = machine.replace("2023-09-01", "2099-09-01");
    for text in [machine, newer.as_str()] {
        let mut files = MemoryFileSystem::default();
        files.insert("main.bicep", text);
        let environment = Environment::default();
        let resolved = resolve(&files, "main.bicep", &environment, &Metadata::default());
        let json = report::resolve::render(&resolved);
        assert!(json.contains("\"adminUsername\": \"me\""), "{json}");
        assert!(!json.contains(SECRET), "{json}");
    }
}

/// Azure's types call `adminPassword` sensitive; each template spells it out in another position, on the
/// line before something that is worth a finding or on the same.
const POSITIONS: [(&str, &str); 14] = [
    ("the property itself", "VM(@'hunté2'@, '')"),
    ("a part of a text", "VM(@'x${toUpper('hunté2')}y'@, '')"),
    ("a variable", "var pw = 'hunté2' VM(@pw@, '')"),
    (
        "a branch",
        "param on bool = true\nVM(@on ? 'hunté2' : 'b-hunté2'@, '')",
    ),
    (
        "the default of a parameter",
        "param pw string = 'hunté2' VM(@pw@, '')",
    ),
    (
        "an allowed value",
        "@allowed(['hunté2'])\nparam pw string = 'hunté2'\nVM(@pw@, '')",
    ),
    (
        "a member of a variable",
        "var all = { me: 'seen', pw: 'hunté2' }\nVM(@all.pw@, '')",
    ),
    (
        "an object",
        "var os = { adminUsername: 'seen', AdminPassword: 'hunté2' }\nVM(@null@, '...os')",
    ),
    ("a loop", "VM(@[for pw in ['hunté2']: pw][0]@, '')"),
    (
        "a lambda",
        "VM(@map([{ a: 'hunté2', b: 'seen' }], x => x.a)[0]@, '')",
    ),
    (
        "a function",
        "func f(pw string) string => '${pw}!'\nVM(@f('hunté2')@, '')",
    ),
    (
        "an import",
        "import { shared } from 'shared.bicep'\nVM(@shared.pw@, '')",
    ),
    (
        "an output",
        "module o 'output.bicep' = { name: 'o' }\nVM(@o.outputs.pw@, '')",
    ),
    (
        "an argument",
        "module vm 'vm.bicep' = { name: 'vm', params: { pw: 'hunté2', me: 'seen', no: 1 } }",
    ),
];

/// The virtual machine of a position, written out.
fn machine(text: &str) -> String {
    let Some((before, rest)) = text.split_once("VM(@") else {
        return format!("{text}\nmodule n 'none.bicep' = {{ name: 'seen' }}\n");
    };
    let (value, more) = rest.rsplit_once("@, '").expect("two arguments");
    let more = more.trim_end_matches("')");
    let password = match value {
        "null" => String::new(),
        value => format!("adminPassword: {value}"),
    };
    // The wrong values of `adminUsername` and `location` are what is found.
    format!(
        "{before}\nresource vm 'Microsoft.Compute/virtualMachines@2023-09-01' = {{
  name: 'vm'
  location: 1
  properties: {{
    osProfile: {{ {more}
      {password}
      computerName: 2
    }}
  }}
}}
resource on 'Microsoft.Compute/disks@2023-09-01' = {{ name: 'seen', location: 1 }}
"
    )
}

#[test]
fn literals_of_sensitive_properties_are_masked_wherever_they_come_from() {
    for (position, text) in POSITIONS {
        let mut files = MemoryFileSystem::default();
        files.insert("main.bicep", machine(text));
        let shared = "@export()\nvar shared = { pw: 'hunté2' }\nvar no int = 'seen'\n";
        files.insert("shared.bicep", shared);
        let output = "output pw string = 'hunté2'\noutput no int = 'seen'\n";
        files.insert("output.bicep", output);
        files.insert(
            "vm.bicep",
            machine("param pw string\nparam me string\nVM(@pw@, 'adminUsername: me')"),
        );
        assert_masked(&files, "main.bicep", position, "seen");
    }
}

/// Checks that no format shows the secret and that people still see what is none.
fn assert_masked(files: &MemoryFileSystem, entry: &str, position: &str, seen: &str) {
    let environment = Environment {
        module_cache: Some("/c".to_owned()),
        ..Environment::default()
    };
    let options = CheckOptions {
        files: vec![entry.to_owned()],
        environment: environment.clone(),
        ..CheckOptions::default()
    };
    let report = check(files, &options);
    assert!(!report.findings.is_empty(), "{position}");
    let mut shown = all_formats(&report);
    let resolved = resolve(files, entry, &environment, &Metadata::default());
    shown.push(report::resolve::render(&resolved));
    for text in &shown {
        assert!(!text.to_lowercase().contains(SECRET), "{position}:\n{text}");
    }
    assert!(shown[0].contains(seen), "{position}:\n{}", shown[0]);
}

#[test]
fn literals_of_sensitive_properties_in_parameter_files_are_masked() {
    let main = machine("param pw string\nparam os object\nVM(@pw@, '...os')");
    let bicep = "using 'main.bicep'\nparam no = 'seen'\nparam pw = 'hunté2'\n\
                 param os = { adminPassword: 'hunté2' }\n";
    let json = "{\"parameters\": {\n\"no\": {\"value\": \"seen\"},\n\
                \"pw\": {\"value\": \"hunté2\"},\n\
                \"os\": {\"value\": {\"adminPassword\": \"hunté2\"}}}}";
    for (file, text) in [("a.bicepparam", bicep), ("main.parameters.json", json)] {
        let mut files = MemoryFileSystem::default();
        files.insert("main.bicep", main.clone());
        files.insert(file, text);
        assert_masked(&files, file, file, "seen");
    }
}

/// An ARM template with the secret in every position that JSON has. Each mistake stands beside one.
const ARM: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": {
    "pw": { "type": "string", "defaultValue": "hunté2" }, "a": { "type": "seen" },
    "safe": { "type": "securestring", "defaultValue": "hunté2" }, "b": { "type": "seen" }
  },
  "variables": {
    "pw": "hunté2", "c": "[seen(]",
    "os": { "adminPassword": "[concat('hunté2', '!')]" }, "d": "[seen(]"
  },
  "resources": [
    { "type": "Microsoft.Compute/virtualMachines", "apiVersion": "2023-09-01", "name": "a",
      "properties": { "osProfile": { "adminPassword": "hunté2", "adminUsername": "[seen(]" } } },
    { "type": "Microsoft.Compute/virtualMachines", "apiVersion": "2023-09-01", "name": "b",
      "properties": { "osProfile": { "adminPassword": "[variables('pw')]", "x": "[seen(]" } } },
    { "type": "Microsoft.Compute/virtualMachines", "apiVersion": "2023-09-01", "name": "c",
      "properties": { "osProfile": "[variables('os')]" } },
    { "type": "Microsoft.Compute/virtualMachines", "apiVersion": "2023-09-01", "name": "d",
      "properties": { "osProfile": { "adminPassword": "[parameters('pw')]" } } },
    { "type": "Microsoft.Compute/virtualMachines", "apiVersion": "2023-09-01", "name": "e",
      "properties": { "osProfile": "[createObject('adminPassword', 'hunté2', 'x')]", "z": "[seen(]" } },
    { "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "n",
      "properties": {
        "mode": "Incremental", "expressionEvaluationOptions": { "scope": "inner" },
        "parameters": { "word": { "value": "hunté2" }, "e": { "value": "[seen(]" } },
        "template": {
          "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
          "contentVersion": "1.0.0.0",
          "parameters": { "word": { "type": "string" }, "e": { "type": "string" } },
          "resources": [
            { "type": "Microsoft.Compute/virtualMachines", "apiVersion": "2023-09-01", "name": "f",
              "properties": { "osProfile": { "adminPassword": "[parameters('word')]" } } },
            { "type": "Microsoft.Compute/virtualMachines", "apiVersion": "2023-09-01", "name": "g",
              "properties": { "osProfile": { "adminPassword": "hunté2", "y": "[seen(]" } } }
          ] } } }
  ]
}"#;

#[test]
fn literals_of_sensitive_properties_in_arm_templates_are_masked() {
    let mut files = MemoryFileSystem::default();
    files.insert("main.json", ARM);
    assert_masked(&files, "main.json", "ARM", "seen");
}

/// A restored module. What its parameters become: `pw`, `os.pw` and `deep` (in a template within) are
/// passwords, `plain` comes out, `me` is read by everyone.
const RESTORED: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": {
    "pw": { "type": "string", "defaultValue": "" }, "me": { "type": "string", "defaultValue": "" },
    "os": { "type": "object", "defaultValue": {} }, "deep": { "type": "string", "defaultValue": "" },
    "plain": { "type": "string", "defaultValue": "" }
  },
  "variables": { "profile": { "adminPassword": "[parameters('pw')]" } },
  "resources": [
    { "type": "Microsoft.Compute/virtualMachines", "apiVersion": "2023-09-01", "name": "a",
      "properties": { "osProfile": "[union(variables('profile'), createObject('adminUsername', parameters('me')))]" } },
    { "type": "Microsoft.Compute/virtualMachines", "apiVersion": "2023-09-01", "name": "b",
      "properties": { "osProfile": { "adminPassword": "[parameters('os').pw]" } } },
    { "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "n",
      "properties": {
        "mode": "Incremental", "expressionEvaluationOptions": { "scope": "inner" },
        "parameters": { "word": { "value": "[parameters('deep')]" }, "plain": { "value": "[parameters('plain')]" } },
        "template": {
          "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
          "contentVersion": "1.0.0.0",
          "parameters": { "word": { "type": "string" }, "plain": { "type": "string" } },
          "resources": [
            { "type": "Microsoft.Compute/virtualMachines", "apiVersion": "2023-09-01", "name": "c",
              "properties": { "osProfile": { "adminPassword": "[parameters('word')]" } } }
          ],
          "outputs": { "plain": { "type": "string", "value": "[parameters('plain')]" } } } } }
  ],
  "outputs": { "plain": { "type": "string", "value": "[reference('n').outputs.plain.value]" } }
}"#;

/// What the user hands over to the restored module, and what else stands in the file.
const HANDED_OVER: [(&str, &str, &str); 7] = [
    ("to a property", "pw: 'hunté2'", ""),
    ("a member", "os: { pw: 'hunté2', me: 'seen too' }", ""),
    ("to a template within", "deep: 'x-${'hunté2'}'", ""),
    ("a variable", "pw: word", "var word int = 'hunté2'"),
    (
        "out and into a comparison",
        "plain: 'hunté2'",
        "@secure()\nparam word string\noutput same bool = word == m.outputs.plain",
    ),
    (
        "out and into a property",
        "plain: 'hunté2'",
        "resource vm 'Microsoft.Compute/virtualMachines@2023-09-01' = {
          name: 'vm'
          location: 'westeurope'
          properties: { osProfile: { adminPassword: m.outputs.plain } }
        }",
    ),
    (
        "out and into the module once more",
        "plain: 'hunté2'",
        "module o 'br:mcr.microsoft.com/x/vm:1.0' = { params: { os: { pw: m.outputs.plain } } }",
    ),
];

#[test]
fn literals_that_become_secret_in_a_restored_module_are_masked() {
    for (position, argument, rest) in HANDED_OVER {
        let mut files = MemoryFileSystem::default();
        let root = "/c/br/mcr.microsoft.com/x$vm/1.0$";
        for (name, text) in [
            ("main.json", RESTORED),
            ("manifest", "{}"),
            ("metadata", "{}"),
        ] {
            files.insert(format!("{root}/{name}"), text);
        }
        let call = "module m 'br:mcr.microsoft.com/x/vm:1.0'";
        let text = format!("{call} = {{ params: {{ me: 'seen', no: 1, {argument} }} }}\n{rest}\n");
        files.insert("main.bicep", text);
        assert_masked(&files, "main.bicep", position, "me: 'seen'");
    }
}

#[test]
fn values_that_a_secret_may_have_are_masked_where_another_file_breaks_them() {
    for declared in [
        "@allowed(['hunté2'])\nparam token string",
        "param token 'hunté2'",
        "param token word?\ntype word = 'hunté2' | 'hunté2-b'",
    ] {
        let mut files = MemoryFileSystem::default();
        files.insert("m.bicep", format!("@secure()\n{declared}\n"));
        files.insert("m.bicepparam", "using 'm.bicep'\nparam token = 'wrong'\n");
        files.insert(
            "call.bicep",
            "module m 'm.bicep' = { params: { token: 'wrong' } }\n",
        );
        for entry in ["m.bicepparam", "call.bicep"] {
            let options = CheckOptions {
                files: vec![entry.to_owned()],
                ..CheckOptions::default()
            };
            let report = check(&files, &options);
            assert!(!report.findings.is_empty(), "{entry}: {declared}");
            for text in all_formats(&report) {
                assert!(!text.to_lowercase().contains("hunt"), "{entry}:\n{text}");
            }
            let environment = Environment::default();
            let resolved = resolve(&files, entry, &environment, &Metadata::default());
            let words = resolved.findings.iter().map(|found| &found.message);
            let words: Vec<_> = words.collect();
            assert!(!format!("{words:?}").contains("hunt"), "{entry}: {words:?}");
        }
    }
}
