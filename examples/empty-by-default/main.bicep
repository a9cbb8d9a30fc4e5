// The list of addresses is a parameter, and whoever forgets it deploys an open cluster.

@description('Addresses that may connect to the API server.')
param allowedAddresses array = []

param location string = resourceGroup().location

resource aks 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-shop'
  location: location
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    dnsPrefix: 'shop'
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        count: 3
        vmSize: 'Standard_D4s_v5'
      }
    ]
    apiServerAccessProfile: {
      authorizedIPRanges: allowedAddresses
    }
  }
}
