targetScope = 'resourceGroup'
metadata owner = 'team'
import { size, 'odd-name' as odd } from 'shared.bicep'
import * as common from 'common.bicep'
extension microsoftGraph with {
  tenant: 'a'
} as graph

@description('''
Where it goes
''')
@allowed([
  'west'
  'north'
])
param place string = 'west'
@secure()
param secret string?
var list = [for (item, at) in range(0, 3): '${place}-${item}-${at}']
output count int = length(list)
assert small = length(list) < 4
test it 'main.bicep' = {
  params: {}
}
