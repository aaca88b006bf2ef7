// A foreign client program: npm notifications-node-client as it comes. Steps are lines of JSON on stdin; each is answered with one.
import { NotifyClient } from 'notifications-node-client'
import * as readline from 'node:readline'

const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const receive = async () => JSON.parse((await lines.next()).value)
const send = (answer) => process.stdout.write(JSON.stringify(answer) + '\n')

const setting = await receive()
const client = new NotifyClient(setting.address, setting.key)
send({ ready: true })

for await (const line of lines) {
  const { method, args } = JSON.parse(line)
  try {
    const answer = await client[method](...args)
    send({ status: answer.status, data: answer.data })
  } catch (error) {
    if (!error.response) send({ failed: String(error) })
    else send({ status: error.response.status, data: error.response.data })
  }
}
