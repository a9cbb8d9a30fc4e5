@allowed(['dev', 'prod'])
param env string
param extra array = []
param office string = '198.51.100.0/24'
var base = ['203.0.113.7', office]
var ranges = env == 'prod' ? concat(base, extra) : []
resource aks 'Microsoft.ContainerService/managedClusters@2024-05-01' = [for i in range(0, 2): if (i < 2) {
  name: 'aks${i}'
  properties: {
    apiServerAccessProfile: {
      authorizedIPRanges: filter(ranges, r => !empty(r))
      enablePrivateCluster: contains(env, 'x')
    }
  }
}]
