"""How people prove who they are: sign-ins, second factors, and fresh proof for what matters."""
