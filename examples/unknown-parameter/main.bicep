// Whether this cluster is open depends on what the deployment is given.

@description('Whether the API server has no public address.')
param isPrivate bool

@description('Addresses that may connect to the API server when it has a public address.')
param allowedAddresses string[] = []

param location string = resourceGroup().location

resource aks 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-lab'
  location: location
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    dnsPrefix: 'lab'
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        count: 1
        vmSize: 'Standard_D4s_v5'
      }
    ]
    apiServerAccessProfile: {
      enablePrivateCluster: isPrivate
      authorizedIPRanges: allowedAddresses
    }
  }
}
