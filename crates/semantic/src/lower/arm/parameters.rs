//! Parameter files in JSON → [`Template`](crate::template::Template), the same that `.bicepparam` is lowered to.
//!
//! Enters: a JSON tree, and the template that it is for, which the file does not name. Leaves: a
//! template of assignments. No string is an expression, but those that azd fills in
//! (`${AZURE_LOCATION}`) are not known. Letter case matters neither in the names of sections nor in
//! those of parameters. Absent: whether the template has such parameters.

use std::sync::Arc;

use tricep_syntax::json::{Json, Kind, Member, Value};
use tricep_syntax::text::Span;

use super::{Lowered, Lowering, Mode, Problem};
use crate::eval::PENDING;
use crate::template::{
    ArrayItem, Constraints, ExprId, ExprKind, Parameter, Property, PropertyKey, Purpose, Reference,
    TextPart,
};

/// The code of what makes a parameter file useless as a whole.
const INVALID_PARAMETERS: &str = "invalid-parameter-file";
/// Room that must be left on the stack before descending further, and how much is added at a time.
const RED_ZONE: usize = 128 * 1024;
const STACK: usize = 1024 * 1024;

/// Whether a JSON text is meant as a parameter file: it names the schema of one, or has no schema
/// and parameters with values instead of types.
#[must_use]
pub fn is_parameter_file(json: &Json) -> bool {
    let root = json.root();
    if let Some(schema) = root.get_ignoring_case("$schema").and_then(Value::text) {
        let schema = schema.value.trim_end_matches('#').to_ascii_lowercase();
        return schema.ends_with("deploymentparameters.json");
    }
    let valued = |member: Member<'_>| {
        ["value", "reference", "expression"]
            .iter()
            .any(|key| member.value.get_ignoring_case(key).is_some())
    };
    let parameters = root.get_ignoring_case("parameters");
    root.get_ignoring_case("resources").is_none()
        && parameters.is_some_and(|parameters| parameters.members().any(valued))
}

/// The names of the parameters in a parameter file.
#[must_use]
pub fn parameter_names(json: &Json) -> Vec<String> {
    let members = section(json.root()).map(Value::settled).unwrap_or_default();
    let names = members.iter().map(|member| member.key().value.into_owned());
    names.collect()
}

/// Lowers a parameter file for the template at a path as written from the folder of the file; `None`:
/// nobody knows which template it is for.
#[must_use]
pub fn lower_parameters(json: &Json, template: Option<&str>) -> Lowered {
    let mut lowering = Lowering::new(json.root(), Mode::Own);
    lowering.template.using = template.map(|path| {
        lowering.template.references.push(Reference {
            purpose: Purpose::Using,
            path: Some(Arc::from(path)),
            at: start_of(json.root()),
        })
    });
    match section(json.root()) {
        Some(parameters) => lowering.assignments(parameters),
        None if json.errors().is_empty() => lowering.problems.push(Problem {
            code: INVALID_PARAMETERS,
            message: "a parameter file is a JSON object with `parameters`".to_owned(),
            span: start_of(json.root()),
        }),
        None => {}
    }
    Lowered {
        declaring: lowering.template.exprs.len(),
        template: lowering.template,
        nested: Vec::new(),
        problems: lowering.problems,
    }
}

/// The member with the parameters; the tools of Azure take a file that is nothing else too.
fn section(root: Value<'_>) -> Option<Value<'_>> {
    let section = root.get_ignoring_case("parameters").unwrap_or(root);
    section.is(Kind::Object).then_some(section)
}

/// Where the file as a whole is meant: its schema, or its first bracket.
fn start_of(root: Value<'_>) -> Span {
    match root.get_ignoring_case("$schema") {
        Some(schema) => schema.span(),
        None => {
            let start = root.span().start;
            Span::new(start, (start + 1).min(root.span().end))
        }
    }
}

impl<'j> Lowering<'j> {
    fn assignments(&mut self, parameters: Value<'j>) {
        for member in parameters.settled() {
            let value = self.assigned(&member);
            let parameter = Parameter {
                name: self.intern(&member.key().value),
                at: member.key_span(),
                r#type: None,
                value: Some(value),
                constraints: Constraints::default(),
            };
            self.template.parameters.push(parameter);
        }
    }

    /// `{ "value": … }`, `{ "reference": … }` to a secret, or `{ "expression": … }` over inputs of
    /// other tools.
    fn assigned(&mut self, member: &Member<'j>) -> ExprId {
        let entry = member.value;
        if let Some(value) = entry.get_ignoring_case("value") {
            return self.filled_in(value);
        }
        if let Some(reference) = entry.get_ignoring_case("reference") {
            return self.secret(reference);
        }
        if let Some(expression) = entry.get_ignoring_case("expression") {
            let text = expression.text().map(|text| text.value);
            let call = self.pending(&text.unwrap_or_default(), expression.span());
            return self.add(expression.span(), call);
        }
        let name = member.key().value;
        let why = format!("parameter `{name}` has no `value` in the parameter file");
        self.fails(member.span(), why)
    }

    /// The secret of a key vault, as the engine writes it (`arm` nested-25).
    fn secret(&mut self, reference: Value<'j>) -> ExprId {
        let text = |value: Option<Value<'j>>| {
            let text = value.and_then(Value::text);
            text.map(|text| text.value.into_owned()).unwrap_or_default()
        };
        let vault = reference.get_ignoring_case("keyVault");
        let id = text(vault.and_then(|vault| vault.get_ignoring_case("id")));
        let mut arguments: Vec<String> = ["subscriptions", "resourceGroups", "vaults"]
            .iter()
            .map(|section| segment(&id, section))
            .collect();
        arguments.push(text(reference.get_ignoring_case("secretName")));
        let span = reference.span();
        let mut lowered = Vec::new();
        for argument in arguments {
            let argument = ExprKind::Text(self.intern(&argument));
            lowered.push(self.add(span, argument));
        }
        let kind = ExprKind::Call {
            function: self.intern("getKeyVaultSecret"),
            arguments: lowered.into(),
        };
        self.add(span, kind)
    }

    /// A value whose strings may be filled in by azd.
    fn filled_in(&mut self, value: Value<'j>) -> ExprId {
        stacker::maybe_grow(RED_ZONE, STACK, || {
            let kind = match value.kind() {
                Kind::Array => {
                    let items = value.items();
                    let items = items.map(|item| ArrayItem::One(self.filled_in(item)));
                    ExprKind::Array(items.collect())
                }
                Kind::Object => {
                    let members = value.settled().into_iter();
                    let set = |member: Member<'j>| Property::Set {
                        key: PropertyKey::Fixed(self.intern(&member.key().value)),
                        value: self.filled_in(member.value),
                    };
                    ExprKind::Object(members.map(set).collect())
                }
                Kind::String => match value.text() {
                    Some(text) if text.value.contains("${") && !text.unpaired => {
                        self.substituted(&text.value, value.span())
                    }
                    _ => return self.data(value),
                },
                _ => return self.data(value),
            };
            self.add(value.span(), kind)
        })
    }

    /// A string in which azd puts values of its environment.
    fn substituted(&mut self, text: &str, span: Span) -> ExprKind {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, variable, behind)) = first_variable(rest) {
            if !before.is_empty() {
                parts.push(TextPart::Text(self.intern(before)));
            }
            let call = self.pending(&format!("${{{variable}}}"), span);
            if before.is_empty() && behind.is_empty() && parts.is_empty() {
                return call;
            }
            parts.push(TextPart::Hole(self.add(span, call)));
            rest = behind;
        }
        if parts.is_empty() {
            return ExprKind::Text(self.intern(text));
        }
        if !rest.is_empty() {
            parts.push(TextPart::Text(self.intern(rest)));
        }
        ExprKind::Interpolation(parts.into())
    }

    /// What another tool fills in, called `name`.
    fn pending(&mut self, name: &str, span: Span) -> ExprKind {
        let name = ExprKind::Text(self.intern(name));
        let name = self.add(span, name);
        ExprKind::Call {
            function: self.intern(PENDING),
            arguments: [name].into(),
        }
    }
}

/// What stands behind `/section/` in an id, up to the next `/`.
fn segment(id: &str, section: &str) -> String {
    let mut segments = id.split('/');
    let found = segments.any(|segment| segment.eq_ignore_ascii_case(section));
    let next = segments.next().filter(|_| found);
    next.unwrap_or_default().to_owned()
}

/// The first `${NAME}`, `${NAME=default}` or `${NAME:-default}` of a text: what stands before it, the
/// name, and what stands behind it.
fn first_variable(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(at) = text[from..].find("${") {
        let start = from + at;
        let inner = &text[start + 2..];
        let of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = inner.find(|c| !of_name(c)).unwrap_or(inner.len());
        if end > 0 {
            // Where nothing closes this one, nothing closes a later one.
            let close = end + inner[end..].find('}')?;
            return Some((&text[..start], &inner[..end], &inner[close + 1..]));
        }
        from = start + 2;
    }
    None
}

#[cfg(test)]
mod tests {
    use tricep_syntax::json::parse;

    use super::*;
    use crate::template::Template;

    /// The assignments as they would be written in Bicep, roughly.
    fn lowered(text: &str) -> Vec<String> {
        let json = parse(text);
        assert!(json.errors().is_empty(), "{text}");
        let template = lower_parameters(&json, Some("main.bicep")).template;
        let parameters = template.parameters.iter();
        let shown = |parameter: &Parameter| {
            let value = parameter.value.map(|value| shown(&template, value));
            format!("{} = {}", parameter.name, value.unwrap_or_default())
        };
        parameters.map(shown).collect()
    }

    fn shown(template: &Template, expr: ExprId) -> String {
        match &template.exprs[expr].kind {
            ExprKind::Text(text) => format!("'{text}'"),
            ExprKind::Int(Some(number)) => number.to_string(),
            ExprKind::Null => "null".to_owned(),
            ExprKind::Fails(why) => format!("({why})"),
            ExprKind::Call {
                function,
                arguments,
            } => {
                let arguments = arguments.iter().map(|&argument| shown(template, argument));
                format!("{function}({})", arguments.collect::<Vec<_>>().join(", "))
            }
            ExprKind::Interpolation(parts) => {
                let part = |part: &TextPart| match part {
                    TextPart::Text(text) => text.to_string(),
                    TextPart::Hole(hole) => format!("{{{}}}", shown(template, *hole)),
                };
                format!("'{}'", parts.iter().map(part).collect::<String>())
            }
            ExprKind::Array(items) => {
                let items = items.iter().map(|item| match item {
                    ArrayItem::One(item) | ArrayItem::Spread(item) => shown(template, *item),
                });
                format!("[{}]", items.collect::<Vec<_>>().join(", "))
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn values_are_taken_as_they_are_and_comments_are_skipped() {
        assert_eq!(
            lowered("// c\n{ \"Parameters\": { \"a\": { \"Value\": [1, '[x]', null] }, /* */ } }"),
            ["a = [1, '[x]', null]"]
        );
        assert_eq!(lowered("{ \"a\": { \"value\": 1 } }"), ["a = 1"]);
    }

    #[test]
    fn secrets_of_key_vaults_are_calls() {
        let id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v";
        let text = format!(
            "{{\"parameters\": {{\"p\": {{\"reference\": {{\"keyVault\": {{\"id\": \"{id}\"}}, \
             \"secretName\": \"n\"}}}}}}}}"
        );
        assert_eq!(
            lowered(&text),
            ["p = getKeyVaultSecret('s', 'g', 'v', 'n')"]
        );
    }

    #[test]
    fn a_parameter_without_a_value_fails() {
        assert_eq!(
            lowered("{\"parameters\": {\"p\": {}}}"),
            ["p = (parameter `p` has no `value` in the parameter file)"]
        );
    }

    #[test]
    fn what_azd_fills_in_is_a_call() {
        let value =
            |text: &str| lowered(&format!("{{\"p\": {{\"value\": \"{text}\"}}}}")).remove(0);
        assert_eq!(value("${A_1}"), "p = %pending('${A_1}')");
        assert_eq!(value("${A=x}"), "p = %pending('${A}')");
        assert_eq!(
            value("a-${A:-}-${B}"),
            "p = 'a-{%pending('${A}')}-{%pending('${B}')}'"
        );
        for plain in ["$A", "${}", "${-}", "${A", "a${ b }"] {
            assert_eq!(value(plain), format!("p = '{plain}'"));
        }
    }

    #[test]
    fn a_text_full_of_open_holes_is_read_in_time() {
        for text in ["${A".repeat(300_000), "${".repeat(300_000) + "}"] {
            let lowered = lowered(&format!("{{\"p\": {{\"value\": \"{text}\"}}}}"));
            assert_eq!(lowered, [format!("p = '{text}'")]);
        }
    }

    #[test]
    fn parameter_files_are_told_from_templates() {
        let is = |text: &str| is_parameter_file(&parse(text));
        assert!(is(
            "{\"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#\"}"
        ));
        assert!(is("{\"parameters\": {\"a\": {\"value\": 1}}}"));
        assert!(!is("{\"parameters\": {\"a\": {\"type\": \"string\"}}}"));
        assert!(!is(
            "{\"parameters\": {\"a\": {\"value\": 1}}, \"resources\": []}"
        ));
        assert!(!is(
            "{\"$schema\": \"https://x/deploymentTemplate.json#\", \"parameters\": {\"a\": {\"value\": 1}}}"
        ));
        assert!(!is("[1]"));
    }
}
