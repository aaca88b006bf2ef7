// oidc-provider, unmodified, as the provider at which persons sign in. Prints its issuer as one line of JSON.
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

const { CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, PEOPLE } = process.env;
const people = JSON.parse(PEOPLE);
const { privateKey } = await generateKeyPair('ES256', { extractable: true });
const key = { ...(await exportJWK(privateKey)), kid: 'judge', use: 'sig', alg: 'ES256' };

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      redirect_uris: [REDIRECT_URI],
      id_token_signed_response_alg: 'ES256',
    }],
    jwks: { keys: [key] },
    claims: { openid: ['sub'], profile: ['name', 'id_type', 'id_number'] },
    pkce: { required: () => true },
    findAccount: (_ctx, id) => (people[id] && { accountId: id, claims: async () => ({ sub: id, ...people[id] }) }),
  });
  server.on('request', provider.callback());
  console.log(JSON.stringify({ issuer }));
});
