@description('nothing follows')
var a = f(
  1,
  2 // last
  )
@sys.secure()

