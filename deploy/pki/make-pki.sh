#!/bin/sh
# A development PKI with openssl: for the demo and the tests, never for production keys.
#
#   make-pki.sh DIR NAME...                        ca, signing-ca, and for each NAME: NAME-server, NAME-client, NAME-signing
#   make-pki.sh DIR ca NAME [PARENT]               a CA; with PARENT an intermediate one
#   make-pki.sh DIR server NAME CA [SAN...]        SAN: a DNS name or an IP address; default localhost 127.0.0.1 ::1
#   make-pki.sh DIR client NAME CA
#   make-pki.sh DIR signing NAME CA                signs messages (WS-Security)
#   options, anywhere: --days N (default 825), --expired (ended a day ago)
#
# Each makes DIR/NAME.pem (the certificate, and the intermediate CAs above it) and DIR/NAME.key (mode 600), RSA-2048, subject
# CN=NAME,O=e-Cert development. What exists is kept, so it may run again at any time; what is new appears whole or not at all.
set -eu

usage() { sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 2; }
fail() { echo "make-pki.sh: $*" >&2; exit 1; }

days=825 expired=no count=$#
while [ "$count" -gt 0 ]; do  # takes the options out and keeps the other arguments in their order
    argument=$1; shift; count=$((count - 1))
    case $argument in
        --days) [ "$count" -gt 0 ] || usage; days=$1; shift; count=$((count - 1)) ;;
        --expired) expired=yes ;;
        --*) usage ;;
        *) set -- "$@" "$argument" ;;
    esac
done
[ $# -ge 2 ] || usage
case $days in '' | *[!0-9]*) fail "--days takes a number, not '$days'" ;; esac

folder=$1; shift
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
umask 077
work=$(mktemp -d "$folder/.new.XXXXXX")
trap 'rm -rf "$work"' EXIT

day() { date -u -d "$1" +%Y%m%d%H%M%SZ; }
if [ "$expired" = yes ]; then
    starts=$(day '30 days ago') ends=$(day '1 day ago')
else
    starts=$(day '1 hour ago') ends=$(day "$days days")  # an hour back: clocks of two machines differ
fi

names_of() {  # SANs as openssl writes them
    list=
    for name in "$@"; do
        case $name in
            *:* | [0-9]*.[0-9]*.[0-9]*.[0-9]*) list="$list,IP:$name" ;;
            *) list="$list,DNS:$name" ;;
        esac
    done
    echo "${list#,}"
}

configuration() {  # extensions on standard input
    cat <<END
[ca]
default_ca = development
[development]
database = $work/index
serial = $work/serial
new_certs_dir = $work
default_md = sha256
policy = any
x509_extensions = extensions
unique_subject = no
[any]
organizationName = optional
commonName = supplied
[extensions]
subjectKeyIdentifier = hash
$(cat)
END
}

issue() {  # NAME ISSUER-or-empty; extensions on standard input
    name=$1 issuer=$2
    case $name in '' | *[!A-Za-z0-9._-]*) fail "a name is letters, digits, dot, dash, underscore, not '$name'" ;; esac
    if [ -s "$folder/$name.pem" ] && [ -s "$folder/$name.key" ]; then return; fi
    configuration > "$work/configuration"
    : > "$work/index"
    rm -f "$work/serial"
    openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$work/key" 2>> "$work/log" ||
        fail "no key for $name: $(cat "$work/log")"
    openssl req -new -key "$work/key" -subj "/O=e-Cert development/CN=$name" -out "$work/request" 2>> "$work/log"
    if [ -n "$issuer" ]; then
        [ -s "$folder/$issuer.key" ] || fail "there is no CA '$issuer' in $folder: make it with 'ca $issuer'"
        set -- -cert "$folder/$issuer.pem" -keyfile "$folder/$issuer.key"
    else
        set -- -selfsign -keyfile "$work/key"
    fi
    openssl ca -batch -config "$work/configuration" -in "$work/request" -out "$work/certificate" -notext -preserveDN \
        -create_serial -startdate "$starts" -enddate "$ends" "$@" 2>> "$work/log" ||
        fail "no certificate for $name: $(cat "$work/log")"
    if [ -n "$issuer" ] && ! openssl verify -CAfile "$folder/$issuer.pem" -check_ss_sig -no_check_time \
        "$folder/$issuer.pem" > /dev/null 2>&1; then
        cat "$folder/$issuer.pem" >> "$work/certificate"  # an intermediate: whoever presents this needs it too
    fi
    chmod 644 "$work/certificate"
    mv "$work/key" "$folder/$name.key"
    mv "$work/certificate" "$folder/$name.pem"
}

make_ca() {
    [ "$expired" = yes ] || starts=$(day '60 days ago')  # so that what --expired makes lies within its CA's time
    issue "$1" "${2:-}" <<'END'
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
END
}
leaf() {  # NAME CA KEY-USAGE EXTENDED-KEY-USAGE SAN-or-empty
    issue "$1" "$2" <<END
basicConstraints = critical,CA:FALSE
authorityKeyIdentifier = keyid
keyUsage = critical,$3
extendedKeyUsage = $4
${5:+subjectAltName = $5}
END
}
make_server() {
    name=$1 ca=$2; shift 2
    [ $# -gt 0 ] || set -- localhost 127.0.0.1 ::1
    leaf "$name" "$ca" digitalSignature,keyEncipherment serverAuth "$(names_of "$@")"
}
make_client() { leaf "$1" "$2" digitalSignature clientAuth ""; }
make_signing() { leaf "$1" "$2" digitalSignature,nonRepudiation emailProtection ""; }

case $1 in
    ca) [ $# -ge 2 ] && [ $# -le 3 ] || usage; make_ca "$2" "${3:-}" ;;
    server) [ $# -ge 3 ] || usage; shift; make_server "$@" ;;
    client) [ $# -eq 3 ] || usage; make_client "$2" "$3" ;;
    signing) [ $# -eq 3 ] || usage; make_signing "$2" "$3" ;;
    *)
        begins=$starts
        make_ca ca
        make_ca signing-ca
        starts=$begins
        for each in "$@"; do
            make_server "$each-server" ca
            make_client "$each-client" ca
            make_signing "$each-signing" signing-ca
        done
        ;;
esac
