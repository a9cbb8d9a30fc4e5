using none
param a = {
  b: 1
}
