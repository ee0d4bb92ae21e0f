{{ stage('party') }}
