type word = 'a' | 'b' | -1 | !true | null
type shape = {
  @minLength(3)
  name: string
  size: int?
  'other-name': shape.name[]
  *: resourceInput<'A.B/c@2020-01-01'>.properties
}
type pair = [
  int
  word[][*]!
  pair[0]
]
type union =
  | (string)
  | shape.*
func join2(a string, b int?) string => '${a}${b}'
output out resource 'A.B/c@2020-01-01' = any(null)
