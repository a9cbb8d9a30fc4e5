param open bool = false
param list string[] = open ? [] : ['192.0.2.1']
module again 'main.bicep' = if (!open) {
  name: 'again'
  params: { open: true, list: concat(list, list) }
}
resource old 'Microsoft.ContainerService/managedClusters@2019-04-01' = {
  name: 'old'
  properties: { apiServerAuthorizedIPRanges: again.outputs.list }
}
resource there 'microsoft.containerservice/managedclusters@2024-05-01' existing = {
  name: 'there'
}
resource copy 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: there.name
  properties: { ...there.properties, apiServerAccessProfile: { authorizedIPRanges: list } }
}
output list array = list
