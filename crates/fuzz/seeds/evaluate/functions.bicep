param n int = 3
param o object = { a: { b: [1, 2] } }
func twice(s string) string => '${s}${s}'
var pieces = split('10.0.0.0/8,10.1.0.0/16', ',')
var made = map(range(1, n), i => format('10.{0}.0.0/16', i + 1))
var shaped = reduce(pieces, '', (all, one) => all == '' ? one : '${all};${one}')
var object = toObject(made, m => m, m => { length: length(m), kind: twice('a') })
resource aks 'Microsoft.ContainerService/managedClusters@2023-01-01' = {
  name: 'aks'
  properties: union({ apiServerAccessProfile: null }, {
    apiServerAccessProfile: {
      authorizedIPRanges: union(pieces, made, [last(objectKeys(object)), o.?a.b[?9] ?? shaped, cidrSubnet('10.0.0.0/8', 24, 2)])
    }
  })
}
