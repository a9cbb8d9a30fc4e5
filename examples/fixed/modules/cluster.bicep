param name string
param location string

@description('Addresses that may connect to the API server, as IPv4 addresses or CIDR ranges.')
@minLength(1)
param apiServerRanges string[]

resource aks 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: name
  location: location
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    dnsPrefix: name
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        count: 3
        vmSize: 'Standard_D4s_v5'
      }
    ]
    apiServerAccessProfile: {
      authorizedIPRanges: apiServerRanges
    }
  }
}
