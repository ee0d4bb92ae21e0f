{{ stage('application_line') }}
