"""Sign-in through another identity provider (统一身份认证、电子营业执照、网号): ours is then a relying party."""
