{{ stage('gl_entry_line') }}
