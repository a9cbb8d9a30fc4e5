using './main.bicep' with {
  mode: 'x'
}
extends 'base.bicepparam'
import { size } from 'shared.bicep'
extension graph as g
extensionConfig graph with { tenant: 'a' }
type word = 'a' | 'b'
var prefix = 'dev'
@description('a name')
param name = '${prefix}-${readEnvironmentVariable('N', 'x')}'
param sizes = [
  1
  2, 3
]
