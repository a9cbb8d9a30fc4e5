resource plan 'Microsoft.Web/serverfarms@2023-12-01' existing = {
  name: 'plan'
}
resource site 'Microsoft.Web/sites@2023-12-01' = if (!empty(plan.id)) {
  name: 'site'
  @batchSize(1)
  resource slot 'slots' = [for name in ['a', 'b']: if (true) {
    name: name
  }]
  properties: {
    serverFarmId: plan.id // the plan
  }
}
module inner './inner.bicep' =
  if (true) {
    name: 'inner'
    params: { id: site::slot[0].id }
  }
/* a comment
   of two lines */
#disable-next-line no-hardcoded-location
output id string = inner.outputs.id
