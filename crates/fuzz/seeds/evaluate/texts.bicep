var name = toLower(replace(trim(' 10.A.0.1 '), 'a', '2'))
var key = substring('authorized', 0, 4)
var json = json('{"list": ["1.2.3.4", 5, null, true]}')
var items = sort(flatten([json.list, intersection([1, 2], [2, 3])]), (a, b) => string(a) < string(b))
resource aks 'Microsoft.ContainerService/managedClusters@2022-01-01' = {
  name: 'aks'
  properties: {
    apiServerAccessProfile: {
      authorizedIPRanges: [
        name
        padLeft('1', 3, '0')
        ...items
        json.list[0]
        base64ToString(base64('1.2.3.4'))
        '${indexOf(key, 'u')}.${int('4')}.${max(1, 2)}.${min(3, 4)}'
        uniqueString('a', key)
        tryGet(json, 'list', 0) ?? first(skip(take(items, 2), 1))
      ]
    }
  }
}
