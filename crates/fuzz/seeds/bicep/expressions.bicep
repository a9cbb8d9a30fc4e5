var sums = 1 + 2 * -3 / 4 % 5 - (6)
var truths = a == b && !c || d != e && f =~ 'G' || h !~ i
var orders = 1 < 2 || 3 <= 4 || 5 > 6 || 7 >= 8
var chosen = a ?? b ? c
  : d
var access = a.b.?c[0][?^1]::d!.e('f', 1).g
var lambdas = map(filter(a, x => x.b), (y, z) => { y: z })
var texts = 'a\n\t\\\'\$\u{1F600}${b}c${'d${e}'}f'
var lines = '''
it's raw ${here}
'''
var dollars = $$'''
${raw} $${hole}
'''
var objects = { a: 1, 'b-c': 2, 'd${e}': 3, ...f }
var arrays = [
  1
  ...g
  [], {}
]
