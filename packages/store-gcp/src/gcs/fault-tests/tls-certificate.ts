/** A self-signed certificate for localhost and 127.0.0.1, valid for a hundred years, and its key. For tests only. */
export const TLS: { readonly cert: string; readonly key: string } = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUQPATCy7+DolQ4llvsBvYV7QAO3swCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjA0Mjc1MVoYDzIxMjYxMDI5
MDQyNzUxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATuCyYDmEzall4vG50TrTZoGAJuJK+YoHNTSbLdxd/2rztcZutsaiBK
3w/cfxbQ8agDKkQuIcdY9m2tRmBqXC/yo28wbTAdBgNVHQ4EFgQUW8mUiE4y+jIr
llN+fJjUHi5J3qQwHwYDVR0jBBgwFoAUW8mUiE4y+jIrllN+fJjUHi5J3qQwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIgbg7iQW8ujPfLa1Rzx4u1kF2dOCNBQBdOtWbhfsuoSVICIQCH
cF9KBMiMqhUmfljyIIE5RKZXdkcPNtLTJ5NKPSP61w==
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQghxRuwIC96NycV1lr
NImQ2OEgbMcAsFd9TWijojYucfWhRANCAATuCyYDmEzall4vG50TrTZoGAJuJK+Y
oHNTSbLdxd/2rztcZutsaiBK3w/cfxbQ8agDKkQuIcdY9m2tRmBqXC/y
-----END PRIVATE KEY-----
`,
};
