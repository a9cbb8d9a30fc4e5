// A cluster as many quick starts make it: nothing says who may reach its API server.

param location string = resourceGroup().location

resource aks 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-quickstart'
  location: location
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    dnsPrefix: 'quickstart'
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        count: 2
        vmSize: 'Standard_D4s_v5'
      }
    ]
  }
}

output host string = aks.properties.fqdn
