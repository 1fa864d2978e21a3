"""
A key set, and an ID token that was signed with it once; the private key was thrown away.
"""

from __future__ import annotations

KEY_ID = "X3vWpuxg8CT2XFwMoMWJ8_4lZg4i_4OP-I0LndKXBEM"

#: the modulus of the public key, in base64url
MODULUS = (
    "2zPIEOmdRdx9A7ZMUfnKdj0CY4h-giDAA3JJGHHFKJ5MN23xjRlnrVOZeX65OtWb9Yv2Ki5ligd_FR9V"
    "bsDpXNkjwYG8hb513bZXsFBqZMfCPGS8lO62NZmy5ouDTfagNecA-y_Wtxk23376WB66GTKsa9j1k1jz"
    "43YGzHWQIYHVYY--sgJzNW2X0cVibNYo0BeAiPSBL8hLGzhOtFTbgDiC_WEP6y70tkmhKsBDEgYNyktA"
    "sKxzY52BjtTNZu-M6ZyRFkltW2huR9j520VhISCXbpiW5H6hUYimTYzHBoto-5GQ9-FyzWt_DruQ3z8g"
    "AkmghYqaF7KEEugJtiP45w"
)

#: to which the ID token belongs (OpenID Connect Core 3.1.3.6)
ACCESS_TOKEN = "AgMadeUpAccessTokenOfAdaForAuth"  # noqa: S105 - made up

#: for the native client and the person of the canned documents; expires in 2100
SIGNED_CLAIMS = (
    "eyJhbGciOiJSUzUxMiIsImtpZCI6IlgzdldwdXhnOENUMlhGd01vTVdKOF80bFpnNGlfNE9QLUkwTG5k"
    "S1hCRU0iLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJodHRwczovL2F1dGguZ2xvYnVzLm9yZyIsImF1ZCI6I"
    "jVkMGM3ZjFlLTJhNjQtNGIwZS05ZDNhLTFmNmM4ZTcwYjI1NSIsImlhdCI6MTczNTY4OTYwMCwiZXhwI"
    "jo0MTAyNDQ0ODAwLCJhdXRoX3RpbWUiOjE3MzU2ODk2MDAsImF0X2hhc2giOiJWYklsZGJMMkhrZDhyR"
    "GNGeW5uV2dKUDVKZ1kxcVZ4cmNDblFLRE5qT3ZrIiwic3ViIjoiN2ExMWM5ZDItNDBiZS00ZjFhLTljM"
    "zUtMmI4ZTZkNzBmNDEzIiwibmFtZSI6IkFkYSBLZXN0cmVsIiwiZW1haWwiOiJhZGFAZXhhbXBsZS5vc"
    "mciLCJwcmVmZXJyZWRfdXNlcm5hbWUiOiJhZGFAZXhhbXBsZS5vcmciLCJvcmdhbml6YXRpb24iOiJFe"
    "GFtcGxlIFVuaXZlcnNpdHkiLCJpZGVudGl0eV9wcm92aWRlciI6IjljM2Y1ZTA4LTdiMjEtNGQ2Yy04Y"
    "TkwLWU0MWYyYzdkM2I1NiIsImlkZW50aXR5X3Byb3ZpZGVyX2Rpc3BsYXlfbmFtZSI6IkV4YW1wbGUgV"
    "W5pdmVyc2l0eSIsImxhc3RfYXV0aGVudGljYXRpb24iOjE3MzU2ODk2MDAsImlkZW50aXR5X3NldCI6W"
    "3sic3ViIjoiN2ExMWM5ZDItNDBiZS00ZjFhLTljMzUtMmI4ZTZkNzBmNDEzIiwidXNlcm5hbWUiOiJhZ"
    "GFAZXhhbXBsZS5vcmciLCJuYW1lIjoiQWRhIEtlc3RyZWwiLCJlbWFpbCI6ImFkYUBleGFtcGxlLm9yZ"
    "yIsIm9yZ2FuaXphdGlvbiI6IkV4YW1wbGUgVW5pdmVyc2l0eSIsInN0YXR1cyI6InVzZWQiLCJpZGVud"
    "Gl0eV9wcm92aWRlciI6IjljM2Y1ZTA4LTdiMjEtNGQ2Yy04YTkwLWU0MWYyYzdkM2I1NiIsImlkZW50a"
    "XR5X3Byb3ZpZGVyX2Rpc3BsYXlfbmFtZSI6IkV4YW1wbGUgVW5pdmVyc2l0eSIsImxhc3RfYXV0aGVud"
    "GljYXRpb24iOjE3MzU2ODk2MDB9XX0.WY2gJXykd4HwAVOQEbfYZYZKJDHf9hlwsydZGwDZj1ppZvn3D"
    "fmH6y6O9-hCEooyUs-C29mIXBC41vaLzz-OzO8ptrAhkjrhSo3poApaMRKO8Ev3Pm8cNU6HCabNgrMxx"
    "51jnyZzPnf3GICmJaY5PbcCt07lo5l943pECeE7_-dQbr-cXODpuieBZU12WlcMrIgIpsbunxlbj6suR"
    "1xW8pTC3NWWYS41uTtA-IWefB-HdqjYrR7rKHAi9EXFzNiUotlAYRR4S1NGlHzCUaiAL262gIrl9GLlW"
    "T3v49WulGnLHQkAcXteRPTSell7zfAmZ90dGjc_7jjOA76SHhLn7g"
)
