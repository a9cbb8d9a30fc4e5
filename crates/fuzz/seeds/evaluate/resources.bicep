param count int = 2
param names array
@secure()
param key string = 'k'

resource outer 'A.B/c@2024-01-01' = [for n in range(0, count): if (n != 5) {
  name: 'o${n}'
  location: resourceGroup().location
  properties: {
    own: outer2.properties.list[0]
    id: resourceId('A.B/c', 'x${n}')
    key: '${key}-${n}'
  }
}]

resource outer2 'A.B/c@2024-01-01' = {
  name: 'p'
  tags: { ...resourceGroup().tags, a: first(names) }
  properties: {
    list: [for (name, i) in names: { name: name, at: i, far: outer[i].id }]
    back: last.properties.?back ?? null
  }
  resource inner 'd' = {
    name: 'i'
    dependsOn: [outer]
    resource deep 'e' = {
      name: 'j'
    }
  }
}

resource last 'A.B/c/d@2024-01-01' = if (!empty(names)) {
  parent: outer2
  name: 'l'
  properties: { back: outer2.properties.back, of: outer2::inner::deep.id }
}

resource there 'A.B/c@2024-01-01' existing = {
  name: outer2.name
  scope: resourceGroup('00000000-0000-0000-0000-000000000001', 'g')
}

resource lock 'A.B/lock@2024-01-01' = {
  name: 'lock'
  scope: outer[0]
  properties: { of: there.id, at: there.properties.x, all: outer2.properties }
}

output ids array = [for n in range(0, count): outer[n].id]
output last object = last.properties
