// A foreign client program: npm openid-client as it comes. Steps are read from stdin as lines of JSON; each is answered with one.
import * as client from 'openid-client'
import * as readline from 'node:readline'

const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const receive = async () => JSON.parse((await lines.next()).value)
const send = (answer) => process.stdout.write(JSON.stringify(answer) + '\n')

const setting = await receive()
const proofs = {
  client_secret_basic: () => client.ClientSecretBasic(setting.secret),
  client_secret_post: () => client.ClientSecretPost(setting.secret),
  none: () => client.None(),
  private_key_jwt: async () => client.PrivateKeyJwt({
    key: await crypto.subtle.importKey('jwk', setting.jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']),
    kid: setting.jwk.kid,
  }),
}
const config = await client.discovery(
  new URL(setting.issuer), setting.client_id, undefined, await proofs[setting.method](),
  { execute: [client.allowInsecureRequests] })

const verifier = client.randomPKCECodeVerifier()
const state = client.randomState()
const nonce = client.randomNonce()

const steps = {
  async url({ parameters, pushed }) {
    const given = {
      redirect_uri: setting.redirect_uri, scope: 'openid profile order', state, nonce, code_challenge_method: 'S256',
      code_challenge: await client.calculatePKCECodeChallenge(verifier), ...parameters,
    }
    const build = pushed ? client.buildAuthorizationUrlWithPAR : client.buildAuthorizationUrl
    return { url: (await build(config, given)).href }
  },
  async exchange({ callback, max_age }) {
    const tokens = await client.authorizationCodeGrant(config, new URL(callback), {
      pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true, maxAge: max_age,
    })
    return { ...tokens, claims: tokens.claims() }
  },
  async userinfo({ token, sub }) { return await client.fetchUserInfo(config, token, sub) },
  async refresh({ token }) { return await client.refreshTokenGrant(config, token) },
  async introspect({ token }) { return await client.tokenIntrospection(config, token) },
  async revoke({ token }) { await client.tokenRevocation(config, token); return {} },
  async credentials({ scope }) { return await client.clientCredentialsGrant(config, { scope }) },
  async logout({ parameters }) { return { url: client.buildEndSessionUrl(config, parameters).href } },
  async grant({ type, parameters }) { return await client.genericGrantRequest(config, type, parameters) },
}

send({ ready: true })
for (;;) {
  const step = await receive()
  if (step.name === 'end') break
  try {
    send(await steps[step.name](step))
  } catch (error) {
    send({ failed: error.error ?? error.code ?? error.name, message: error.message, cause: String(error.cause?.error ?? '') })
  }
}
process.exit(0)
