// Software of others that runs on Node. Standard input: {"do": NAME, ...}; standard output: its answer as JSON.
'use strict'
const fs = require('node:fs')

const jobs = {
  // What GitHub's own toolkit writes for [command, properties, message].
  github({ commands }) {
    const { issueCommand } = require('@actions/core/lib/command')
    const write = process.stdout.write
    try {
      return commands.map(([command, properties, message]) => {
        let line = ''
        process.stdout.write = text => { line += text; return true }
        issueCommand(command, properties, message)
        return line.replace(/\n$/, '')
      })
    } finally {
      process.stdout.write = write
    }
  },
  // What Microsoft's own task library writes.
  azure({ commands }) {
    const { TaskCommand } = require('azure-pipelines-task-lib/taskcommand')
    return commands.map(([command, properties, message]) => new TaskCommand(command, properties, message).toString())
  },
  // What that library reads.
  azureRead({ lines }) {
    const { commandFromString } = require('azure-pipelines-task-lib/taskcommand')
    return lines.map(line => {
      const { command, properties, message } = commandFromString(line)
      return [command, properties, message]
    })
  },
  // What a problem matcher finds in each line.
  matcher({ lines, regexp }) {
    const { parseProblemMatchersJson } = require('@rushstack/problem-matcher')
    const pattern = { regexp, file: 1, line: 2, column: 3, severity: 4, code: 5, message: 6 }
    const [matcher] = parseProblemMatchersJson([{ name: 'tricep', pattern }])
    return lines.map(line => {
      const match = matcher.exec(line + '\n')
      return match && [match.file, match.line, match.column, match.severity, match.code, match.message]
    })
  },
  // What ajv has against each document.
  ajv({ schema, documents }) {
    const Ajv = require('ajv/dist/2020')
    const validate = new Ajv({ strict: true, allErrors: true }).compile(schema)
    return documents.map(document => validate(document) ? [] : validate.errors.map(e => `${e.instancePath} ${e.message}`))
  },
}

const request = JSON.parse(fs.readFileSync(0, 'utf8'))
process.stdout.write(JSON.stringify(jobs[request.do](request)))
