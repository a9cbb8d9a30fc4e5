// `empty-by-default`, mended: the list has no default and cannot be empty.

@description('Addresses that may connect to the API server, as IPv4 addresses or CIDR ranges.')
@minLength(1)
param allowedAddresses string[]

param location string = resourceGroup().location

module aks 'modules/cluster.bicep' = {
  name: 'shop'
  params: {
    name: 'aks-shop'
    location: location
    apiServerRanges: allowedAddresses
  }
}
