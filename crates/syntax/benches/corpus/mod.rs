//! What is parsed: every `.bicep` file below the folder `TRICEP_CORPUS`, or else files made up here.

use std::path::Path;
use std::sync::Arc;

/// The texts, and where they are from.
pub(crate) struct Corpus {
    pub(crate) name: String,
    pub(crate) texts: Vec<Arc<str>>,
}

impl Corpus {
    /// The files of `TRICEP_CORPUS`, or 500 made up ones.
    pub(crate) fn load() -> Self {
        let mut texts = Vec::new();
        let name = match std::env::var_os("TRICEP_CORPUS") {
            Some(folder) => {
                collect(Path::new(&folder), &mut texts);
                folder.to_string_lossy().into_owned()
            }
            None => {
                texts.extend((0..500).map(|seed| Arc::from(generated(seed))));
                "generated".to_owned()
            }
        };
        assert!(!texts.is_empty(), "there is no .bicep file in {name}");
        Self { name, texts }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.texts.iter().map(|text| text.len()).sum()
    }
}

fn collect(folder: &Path, texts: &mut Vec<Arc<str>>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, texts);
        } else if path.extension().is_some_and(|end| end == "bicep")
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            texts.push(Arc::from(text));
        }
    }
}

/// A file of about 7 KB with what real files are made of.
pub(crate) fn generated(seed: usize) -> String {
    let mut text = String::from("targetScope = 'resourceGroup'\n\n");
    for n in 0..8 {
        text.push_str(&declarations(seed * 8 + n, n));
    }
    text
}

/// Declarations that belong together, on 33 lines.
pub(crate) fn declarations(id: usize, n: usize) -> String {
    format!(
        "@description('The name of store {id}, as it appears in the portal.')\n\
         @minLength(3)\nparam storeName{id} string = 'store{id}${{uniqueString(resourceGroup().id)}}'\n\n\
         // Tags end up on every resource of the deployment.\n\
         var tags{id} = union({{ owner: 'team-{n}', 'cost-center': {id} }}, empty(storeName{id}) ? {{}} : {{ name: storeName{id} }})\n\n\
         resource store{id} 'Microsoft.Storage/storageAccounts@2023-05-01' = if (length(storeName{id}) > {n}) {{\n  \
         name: storeName{id}\n  location: resourceGroup().location\n  tags: tags{id}\n  \
         sku: {{ name: 'Standard_LRS' }}\n  kind: 'StorageV2'\n  properties: {{\n    \
         allowBlobPublicAccess: false\n    minimumTlsVersion: 'TLS1_2'\n    networkAcls: {{\n      \
         defaultAction: 'Deny'\n      ipRules: [for ip in ['198.51.100.{n}', '203.0.113.0/24']: {{ value: ip, action: 'Allow' }}]\n    \
         }}\n  }}\n}}\n\noutput blob{id} string = store{id}.?properties.primaryEndpoints.blob ?? ''\n\n"
    )
}
