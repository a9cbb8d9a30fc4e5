//! Bodies of resources: enters the node of one, leaves a node without what all bodies imply.
//!
//! Each body has a property `type` with its own type and `apiVersion` with its own version. With them,
//! no two versions would ever have an equal body.

use std::error::Error;

use super::graph::{Graph, Node, Property};

/// The flags of the properties that each body implies: read-only, known when the deployment starts.
const IMPLIED_FLAGS: u8 = 10;

/// The body of a resource, without its name and the properties that it implies: those are its own,
/// or those of each element.
pub(super) fn body(
    graph: &mut Graph,
    body: u32,
    r#type: &str,
    version: &str,
) -> Result<u32, Box<dyn Error>> {
    let mut node = graph.nodes[body as usize].clone();
    match &mut node {
        Node::Object {
            name, properties, ..
        } => {
            *name = None;
            imply(graph, properties, r#type, version)?;
        }
        Node::Discriminated {
            name,
            base,
            elements,
            ..
        } => {
            *name = None;
            if imply(graph, base, r#type, version).is_err() {
                for (_, element) in elements {
                    *element = element_of_body(graph, *element, r#type, version)?;
                }
            }
        }
        _ => return Err("a body is no object".into()),
    }
    Ok(graph.push(node))
}

fn element_of_body(
    graph: &mut Graph,
    element: u32,
    r#type: &str,
    version: &str,
) -> Result<u32, Box<dyn Error>> {
    let mut node = graph.nodes[element as usize].clone();
    let Node::Object { properties, .. } = &mut node else {
        return Err("an element is no object".into());
    };
    imply(graph, properties, r#type, version)?;
    Ok(graph.push(node))
}

/// Leaves out the properties `id`, `type` and `apiVersion`, if all are as they are everywhere.
fn imply(
    graph: &Graph,
    properties: &mut Vec<Property>,
    r#type: &str,
    version: &str,
) -> Result<(), Box<dyn Error>> {
    let literal = |text| graph.strings.find(text).map(Node::Literal);
    let implied = [
        ("id", Some(Node::any_text())),
        ("type", literal(r#type)),
        ("apiVersion", literal(version)),
    ];
    let is = |property: &Property, (name, node): &(&str, Option<Node>)| {
        property.flags == IMPLIED_FLAGS
            && graph.strings.text(property.name) == *name
            && Some(&graph.nodes[property.node as usize]) == node.as_ref()
    };
    let has = |one| properties.iter().any(|property| is(property, one));
    if let Some((name, _)) = implied.iter().find(|one| !has(one)) {
        return Err(format!("the body lacks the usual `{name}`").into());
    }
    properties.retain(|property| !implied.iter().any(|one| is(property, one)));
    Ok(())
}
