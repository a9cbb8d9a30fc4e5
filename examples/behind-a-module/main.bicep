// Three uses of one module. The first names its offices, the second passes an empty list on, the
// third leaves the list out and gets the module's default.

param location string = resourceGroup().location

@description('Addresses of the build agents.')
param agents string[] = []

module shop 'modules/cluster.bicep' = {
  name: 'shop'
  params: {
    name: 'aks-shop'
    location: location
    apiServerRanges: concat(agents, ['198.51.100.0/24'])
  }
}

module reports 'modules/cluster.bicep' = {
  name: 'reports'
  params: {
    name: 'aks-reports'
    location: location
    apiServerRanges: agents
  }
}

module sandbox 'modules/cluster.bicep' = {
  name: 'sandbox'
  params: {
    name: 'aks-sandbox'
    location: location
  }
}
