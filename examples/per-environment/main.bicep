// Production is private, the other stages are restricted, but nobody thought of `dev`.

@allowed(['dev', 'test', 'prod'])
param stage string = 'dev'

param location string = resourceGroup().location

var offices = [
  '198.51.100.0/24'
  '203.0.113.7'
]

resource aks 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-${stage}'
  location: location
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    dnsPrefix: 'shop-${stage}'
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        count: stage == 'prod' ? 5 : 2
        vmSize: 'Standard_D4s_v5'
      }
    ]
    apiServerAccessProfile: stage == 'prod'
      ? {
          enablePrivateCluster: true
        }
      : {
          authorizedIPRanges: stage == 'test' ? offices : []
        }
  }
}
